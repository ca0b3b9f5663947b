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
  // Tracing sees that a font is read, and takes all weights of it.
  'node_modules/@expo-google-fonts/*/!(400Regular|600SemiBold)/*.ttf',
  'node_modules/@expo-google-fonts/*/*_Italic/*.ttf',
  // Sources need not come along. Patterns match anywhere in a path: without its end this one would take .next/server too.
  'server/**/*.ts',
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

/** What pictures are drawn with (server/picture/fonts.ts): found at run time by path, which tracing may not see. */
const forPictures = [
  'node_modules/@expo-google-fonts/inter/400Regular/*.ttf',
  'node_modules/@expo-google-fonts/inter/600SemiBold/*.ttf',
  'node_modules/@expo-google-fonts/inter/LICENSE_FONT',
];

/**
 * On every answer, pages and files too; what the handlers of the API set as well has the same value and is sent once.
 * The Content-Security-Policy is not here: pages have one with a nonce (proxy.ts), the API its own.
 */
const headers = Object.entries({
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}).map(([key, value]) => ({ key, value }));

const config: NextConfig = {
  output: 'standalone',
  // The image optimizer has been a source of remote-code and denial-of-service faults; nothing here needs it.
  images: { unoptimized: true },
  poweredByHeader: false,
  headers: () =>
    Promise.resolve([
      { source: '/:path*', headers },
      // A policy of a script matters where it is the script of a worker, which loads others and reads the stream.
      {
        source: '/_next/static/:path*',
        headers: [
          {
            key: 'Content-Security-Policy',
            value: "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'",
          },
          { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
        ],
      },
      // Who knows the link of a snapshot may see it: it is not for search engines, nor for shared caches.
      {
        source: '/s/:path*',
        headers: [
          { key: 'X-Robots-Tag', value: 'noindex, nofollow' },
          { key: 'Cache-Control', value: 'private, no-store' },
        ],
      },
    ]),
  reactStrictMode: true,
  // `npm run verify` checks types, of the tests too; a start should not wait for it a second time.
  typescript: { ignoreBuildErrors: true },
  // Loaded from node_modules at run time: they reach for files and streams that bundling would break.
  serverExternalPackages: ['@kubernetes/client-node', 'pino', 'prom-client', '@resvg/resvg-js', 'pg'],
  outputFileTracingRoot: import.meta.dirname,
  // Both what pages need and what Next's own server needs: the latter brings sharp otherwise.
  outputFileTracingExcludes: { '/*': notForTheServer, 'next-server': notForTheServer },
  outputFileTracingIncludes: { '/*': forPictures },
};

export default config;
