// Docs rot where they name what is gone: every path of this repository that a document cites must exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(process.argv[2] ?? process.cwd());
const topLevel = new Set(
  'app bench cli components deploy docs e2e lib public sandbox scripts server .ci'.split(' '),
);

function documents(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', '.next', '.git', '.atlas', 'test-results', 'coverage'].includes(entry.name))
      return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return documents(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Paths in `code spans` that begin with a folder of this repository, without wildcards or places to fill in. */
function citedPaths(text) {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)]
    .map(([, span]) => span.replace(/^\.\//, ''))
    .filter((span) => span.includes('/') && topLevel.has(span.split('/')[0]))
    .filter((span) => /^[\w./@-]+$/.test(span));
}

/** Targets of links that stay in this repository. */
function linkedPaths(text) {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

const missing = documents(root).flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  const cited = citedPaths(text).filter((path) => !existsSync(join(root, path)));
  const linked = linkedPaths(text).filter((path) => !existsSync(join(dirname(file), path)));
  return [...cited, ...linked].map((path) => `${relative(root, file)}: ${path} does not exist`);
});

for (const line of missing) console.error(`✗ ${line}`);
console.log(`${documents(root).length} documents, ${missing.length} paths missing`);
process.exitCode = missing.length > 0 ? 1 : 0;
