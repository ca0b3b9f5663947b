/*
 * What the image runs, as a folder: node scripts/image-tree.mjs FOLDER. Next's standalone output without what its
 * tracing brings too much (sources, types, fonts that nobody draws with), and without a bit that lets anybody write.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { ensureBuilt } from './launch/build.mjs';
import { at } from './launch/paths.mjs';
import { say } from './launch/say.mjs';

/** All that the server reads; the rest of the standalone output is sources. */
const parts = ['.next', 'node_modules', 'public', 'package.json', 'server.js'];

const notNeeded = [
  /\.(d\.[cm]?ts|map|md|tsbuildinfo)$/,
  /\.nft\.json$/,
  /^node_modules\/(sharp|@img|@swc\/core[^/]*|esbuild|@esbuild|typescript|node-(linux|win)-[^/]+)(\/|$)/,
  /^node_modules\/@expo-google-fonts\/[^/]+\/(?!400Regular\/|600SemiBold\/)[^/]+\/.*\.ttf$/,
];

/** Whether a file of the standalone output belongs into the image; its path has slashes, on Windows too. */
export const belongs = (path) => !notNeeded.some((pattern) => pattern.test(path));

function withoutWriteBits(path) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) withoutWriteBits(child);
    else chmodSync(child, 0o444);
  }
  chmodSync(path, 0o555);
}

/** Writes the tree into a folder, which must not be there yet. */
export function writeTree(folder) {
  if (existsSync(folder)) throw new Error(`${folder} is there already`);
  mkdirSync(folder, { recursive: true });
  const standalone = at('.next/standalone');
  for (const part of parts) {
    const from = join(standalone, part);
    if (!existsSync(from)) continue;
    cpSync(from, join(folder, part), {
      recursive: true,
      // Its links stay inside: made whole they would lead back to the place where it was built.
      verbatimSymlinks: true,
      filter: (path) => belongs(relative(standalone, path).split(sep).join('/')),
    });
  }
  rmSync(join(folder, '.next/cache'), { recursive: true, force: true });
  cpSync(at('LICENSE'), join(folder, 'LICENSE'));
  withoutWriteBits(folder);
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Error('node scripts/image-tree.mjs FOLDER');
  await ensureBuilt(process.execPath);
  writeTree(resolve(folder));
  say(`The image's files are in ${resolve(folder)}.`);
}
