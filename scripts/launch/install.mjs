import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { withLock } from './lock.mjs';
import { at, root } from './paths.mjs';
import { Refusal, say, seconds } from './say.mjs';

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/**
 * Why node_modules does not fit package-lock.json, or undefined if it does. npm notes what it
 * installed in node_modules/.package-lock.json as its last step, so a broken-off installation has
 * none. Contents are compared, not times: a fresh clone's files are all of the same minute.
 */
export function staleness(
  lockFile = at('package-lock.json'),
  noteFile = at('node_modules/.package-lock.json'),
) {
  if (!existsSync(noteFile)) return 'nothing is installed yet';
  const installed = packagesOf(noteFile);
  for (const [path, wanted] of Object.entries(packagesOf(lockFile))) {
    if (path === '') continue;
    const found = installed[path];
    // Optional packages are those of other systems too: absent is fine, another version is not.
    if (!found && (wanted.optional || wanted.devOptional)) continue;
    if (!found) return `${path} is missing`;
    if (found.version !== wanted.version) return `${path} is ${found.version}, wanted is ${wanted.version}`;
  }
  return undefined;
}

/** npm as it was called; else the one on PATH. */
function npm(args) {
  const script = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  if (script && /npm-cli\.[cm]?js$/.test(script)) {
    return spawnSync(process.env.npm_node_execpath ?? process.execPath, [script, ...args], options);
  }
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** Installs what the lockfile says, if it is not there. Up to date, it touches no network. */
export async function ensureInstalled() {
  if (staleness() === undefined) return;
  await withLock('install', () => {
    const reason = staleness();
    if (reason === undefined) return;
    const began = Date.now();
    say(`Installing packages (${reason}) …`);
    // No install script is needed, so none is run: the same on npm 10, 11 and 12. The level of
    // logging is set because `npm run --silent` would otherwise hide the reason of a failure.
    const { status } = npm([
      'ci',
      '--ignore-scripts',
      '--include=dev',
      '--include=optional',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
    if (status !== 0) {
      throw new Refusal(
        'npm ci failed (above): check the network or the registry setting, then start again.',
      );
    }
    say(`Installed in ${seconds(began)}.`);
  });
}
