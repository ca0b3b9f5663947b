import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { withLock } from './lock.mjs';
import { at, root, tool } from './paths.mjs';
import { runCaptured } from './processes.mjs';
import { Refusal, say, seconds } from './say.mjs';

const inputs = [
  'app',
  'components',
  'lib',
  'server',
  'public',
  'instrumentation.ts',
  'instrumentation-client.ts',
  'proxy.ts',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];
const noInput = /\.(test|itest)\.tsx?$|[\\/]testing[\\/]|[\\/]\.DS_Store$/;

export const serverFile = at('.next/standalone/server.js');
const note = at('.next/atlas-build.json');

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/** Changes when anything that the build reads changes. */
export function sourceHash(folder = root) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((name) => filesBelow(join(folder, name)))) {
    if (noInput.test(file)) continue;
    const content = readFileSync(file);
    hash.update(`${relative(folder, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function builtHash() {
  if (!existsSync(note) || !existsSync(serverFile)) return undefined;
  return JSON.parse(readFileSync(note, 'utf8')).hash;
}

async function build(node, hash) {
  const began = Date.now();
  say('Building the dashboard (once per change of its sources) …');
  const { code, output } = await runCaptured(node, [tool('next'), 'build'], {
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (code !== 0) throw new Refusal(`${output}\nThe build failed (above).`);
  // The standalone server does not bring its static files: they usually go to a CDN.
  cpSync(at('.next/static'), at('.next/standalone/.next/static'), { recursive: true });
  if (existsSync(at('public'))) cpSync(at('public'), at('.next/standalone/public'), { recursive: true });
  writeFileSync(note, JSON.stringify({ hash }));
  say(`Built in ${seconds(began)}.`);
}

export async function ensureBuilt(node) {
  if (builtHash() === sourceHash()) return;
  await withLock('build', async () => {
    const hash = sourceHash();
    if (builtHash() !== hash) await build(node, hash);
  });
}
