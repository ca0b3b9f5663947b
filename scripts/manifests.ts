/*
 * The plain manifests and the golden files, rendered from the chart by Helm. `--write` writes them; else it fails
 * where one is old. Without Helm only their marks are compared with the chart's files.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasHelm, render } from './manifests/helm';
import { fileOf, RENDERINGS, sourceMark } from './manifests/renderings';

/** Renderings whose mark is not that of the chart as it stands, or that are not there. */
export function oldRenderings(root: string): readonly string[] {
  return RENDERINGS.filter((rendering) => {
    const path = join(root, rendering.file);
    return !existsSync(path) || !readFileSync(path, 'utf8').startsWith(`${sourceMark(root, rendering)}\n`);
  }).map(({ file }) => `${file} is older than the chart: npm run manifests -- --write`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = join(import.meta.dirname, '..');
  if (process.argv.includes('--write')) {
    if (!hasHelm()) throw new Error('Helm is needed to render the chart: put it into the path, or set HELM.');
    for (const rendering of RENDERINGS)
      writeFileSync(join(root, rendering.file), fileOf(root, rendering, await render(root, rendering)));
  }
  const old = oldRenderings(root);
  for (const line of old) console.error(`✗ ${line}`);
  console.log(`${RENDERINGS.length} renderings of the chart, ${old.length} old`);
  process.exitCode = old.length > 0 ? 1 : 0;
}
