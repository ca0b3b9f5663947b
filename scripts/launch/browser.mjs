import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { root, tool } from './paths.mjs';
import { say } from './say.mjs';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function playwrightsOwn(node) {
  const program = "import('@playwright/test').then(({ chromium }) => console.log(chromium.executablePath()))";
  const { stdout } = spawnSync(node, ['-e', program], { cwd: root, encoding: 'utf8' });
  const path = stdout.trim();
  return path && existsSync(path) ? path : undefined;
}

function help() {
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    return 'run "apt-get install -y chromium" and start the tests again';
  }
  return 'install Chromium or Chrome, or set PW_CHROMIUM to one, and start the tests again';
}

/** A Chromium to test with, downloading Playwright's if the system has none; undefined if that fails. */
export function findBrowser(node) {
  const named = process.env.PW_CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    say(`PW_CHROMIUM=${named} does not exist.`);
    return undefined;
  }
  const found = installed.find((path) => existsSync(path)) ?? playwrightsOwn(node);
  if (found) return found;
  say('No Chromium found: downloading one …');
  spawnSync(node, [tool('@playwright/test', 'playwright'), 'install', 'chromium'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  const downloaded = playwrightsOwn(node);
  if (!downloaded) say(`No browser could be downloaded: ${help()}.`);
  return downloaded;
}
