/*
 * What is made from the table of rights: the chart's rules and docs/rbac.md. `--write` writes them; else it fails
 * where one is not what the table says.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rbacPage } from './rbac/page';
import { rulesFile } from './rbac/rules';

/** Text by path, as it should be. */
export function rbacFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['deploy/helm/ingress-atlas/files/rules.yaml', rulesFile()],
    ['docs/rbac.md', rbacPage()],
  ]);
}

/** What is not as the table says, in words; empty: nothing. `files`: as they should be. */
export function staleFiles(root: string, files = rbacFiles()): readonly string[] {
  return [...files].flatMap(([path, text]) => {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return [];
    return [`${path} is not what lib/kube/rights.ts says: npm run docs:rbac -- --write`];
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = join(import.meta.dirname, '..');
  if (process.argv.includes('--write'))
    for (const [path, text] of rbacFiles()) writeFileSync(join(root, path), text);
  const stale = staleFiles(root);
  for (const line of stale) console.error(`✗ ${line}`);
  console.log(`${rbacFiles().size} files made of rights, ${stale.length} problems`);
  process.exitCode = stale.length > 0 ? 1 : 0;
}
