import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const folders = '{lib,server,components,sandbox,cli,scripts,app,bench}';
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const alias = [
  { find: 'server-only', replacement: path('./scripts/testing/empty.ts') },
  { find: /^@\//, replacement: path('./') },
];

export default defineConfig({
  resolve: { alias },
  test: {
    // Two cores are what a pipeline usually has; more workers only fight for them.
    maxWorkers: 2,
    coverage: { provider: 'v8', include: ['{lib,server,components,sandbox,cli,app}/**/*.{ts,tsx}'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: [`${folders}/**/*.test.{ts,tsx}`],
          // Property tests of seconds must hold on a busy machine too; nothing here asserts how long it takes.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          environment: 'node',
          include: [`${folders}/**/*.itest.ts`],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
