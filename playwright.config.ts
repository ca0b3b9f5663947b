import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

// The launcher has looked for a browser and says which; without it Playwright takes its own.
const picked = process.env.PW_CHROMIUM;
const executablePath = picked && existsSync(picked) ? picked : undefined;
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: './e2e',
  outputDir: './test-results',
  fullyParallel: false,
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.ATLAS_E2E_JSON
    ? [['list'], ['json', { outputFile: process.env.ATLAS_E2E_JSON }]]
    : [['list']],
  use: {
    browserName: 'chromium',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        // Chromium's sandbox refuses to run as root; as anyone else it stays on.
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
