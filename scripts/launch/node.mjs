import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { at } from './paths.mjs';
import { Refusal } from './say.mjs';

const version = (text) => text.replace(/^v/, '').split('.').map(Number);

function atLeast(text, [wantedMajor, wantedMinor]) {
  const [major, minor] = version(text);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Below 20.19 npm silently leaves out packages that the build needs. */
export function checkNode(current = process.version) {
  if (!atLeast(current, [20, 19])) {
    throw new Refusal(`Node ${current} is too old: 20.19 or newer starts this project (24 is best).`);
  }
}

/** The pinned Node that came with the packages, if this system has one and can run it. */
function pinnedNode() {
  const os = process.platform === 'win32' ? 'win' : process.platform;
  const binary = os === 'win' ? 'node.exe' : 'node';
  const path = at('node_modules', `node-${os}-${process.arch}`, 'bin', binary);
  if (!existsSync(path)) return undefined;
  // On a system without glibc the file is there but does not start.
  return spawnSync(path, ['--version']).status === 0 ? path : undefined;
}

/** The Node that everything but the launcher runs on. */
export function pickNode() {
  if (atLeast(process.version, [24, 0])) return process.execPath;
  const pinned = pinnedNode();
  if (pinned) return pinned;
  if (atLeast(process.version, [22, 19])) return process.execPath;
  throw new Refusal(
    `Node ${process.version} cannot run the dashboard, and no pinned Node exists for ` +
      `${process.platform}-${process.arch}: install Node 24 (22.19 will do) and start again.`,
  );
}
