/** Makes the pictures of the docs from the running product: `node scripts/pictures.mjs` (needs Chromium, see README "Test it"). */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import { findBrowser } from './launch/browser.mjs';

const folder = join(import.meta.dirname, '..', 'docs', 'pictures');
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

const shots = [
  { name: 'incident-light', viewport: DESK, colorScheme: 'light', path: '/' },
  { name: 'incident-dark', viewport: DESK, colorScheme: 'dark', path: '/' },
  { name: 'cause', viewport: DESK, colorScheme: 'light', path: '/go?service=shop/watch-service' },
  { name: 'phone', viewport: PHONE, colorScheme: 'light', path: '/' },
];

/** Starts the demo and gives its address; ending its standard input's process ends it. */
async function demo() {
  const child = spawn('npm', ['run', '--silent', 'demo', '--', '--json'], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, pid } = JSON.parse(line);
    return { url, stop: () => process.kill(pid, 'SIGTERM') };
  }
  throw new Error('the demo did not start');
}

async function shoot(browser, url, { name, viewport, colorScheme, path }) {
  const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: 2 });
  const page = await context.newPage();
  await page.goto(url + path);
  await page.getByText(/503/).filter({ visible: true }).first().waitFor();
  // Fonts, the first fit and the settling of the first findings.
  await page.waitForTimeout(2500);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await context.close();
}

const executablePath = findBrowser(process.execPath);
const args = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : [];
mkdirSync(folder, { recursive: true });
const { url, stop } = await demo();
const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args });
try {
  for (const shot of shots) await shoot(browser, url, shot);
} finally {
  await browser.close();
  stop();
}
