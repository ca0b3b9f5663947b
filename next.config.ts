import type { NextConfig } from 'next';

const notForTheServer = [
  'node_modules/sharp/**',
  'node_modules/@img/**',
  'node_modules/node-linux-*/**',
  'node_modules/node-win-*/**',
  'node_modules/typescript/**',
  'node_modules/@swc/core*/**',
  'node_modules/@esbuild/**',
  'node_modules/esbuild/**',
  'sandbox/**',
  'bench/**',
  'e2e/**',
  'docs/**',
  'deploy/**',
  'scripts/**',
  '**/*.test.ts',
  '**/*.test.tsx',
  '**/*.itest.ts',
];

const config: NextConfig = {
  output: 'standalone',
  // The image optimizer has been a source of remote-code and denial-of-service faults; nothing here needs it.
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run verify` checks types, of the tests too; a start should not wait for it a second time.
  typescript: { ignoreBuildErrors: true },
  // Loaded from node_modules at run time: they reach for files and streams that bundling would break.
  serverExternalPackages: ['@kubernetes/client-node', 'pino', 'prom-client', '@resvg/resvg-js', 'pg'],
  outputFileTracingRoot: import.meta.dirname,
  // Both what pages need and what Next's own server needs: the latter brings sharp otherwise.
  outputFileTracingExcludes: { '/*': notForTheServer, 'next-server': notForTheServer },
};

export default config;
