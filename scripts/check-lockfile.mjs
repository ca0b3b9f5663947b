// What `npm ci` demands of package-lock.json, said before a newcomer meets it: every package that is
// named has its entry, also those of other systems (a partial registry leaves them out without a word),
// and no entry is tied to one registry's host.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = process.argv[2] ?? process.cwd();
const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const manifest = read('package.json');
const { packages } = read('package-lock.json');

/** Walks up from a package as Node does. */
function resolves(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

const problems = [];
for (const [path, entry] of Object.entries(packages)) {
  if (entry.resolved) problems.push(`${path} is tied to a host: remove "resolved"`);
  for (const name of Object.keys({
    ...entry.dependencies,
    ...entry.optionalDependencies,
    ...entry.devDependencies,
  })) {
    if (!resolves(path, name)) problems.push(`${path || 'the project'} needs ${name}, which has no entry`);
  }
}
for (const kind of ['dependencies', 'optionalDependencies', 'devDependencies']) {
  if (JSON.stringify(manifest[kind] ?? {}) !== JSON.stringify(packages[''][kind] ?? {})) {
    problems.push(`${kind} differ between package.json and package-lock.json: run npm install`);
  }
}

for (const problem of problems) console.error(`✗ ${problem}`);
console.log(`${Object.keys(packages).length} packages, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
