// Holds the import rules of ARCHITECTURE.md: direct, by types only, and through any number of files.
import { checkTree } from './boundaries/cruise.mjs';

const root = process.argv[2] ?? process.cwd();
const { files, modules, dependencies, unseen, violations } = await checkTree(root);

for (const { rule, why, from, to, via } of violations) {
  const path = via.length > 0 ? `${from} → ${via.join(' → ')}` : `${from} → ${to}`;
  console.error(`✗ ${rule}: ${path}\n    ${why}`);
}
if (files === 0 || unseen.length > 0 || modules < files) {
  console.error(`✗ ${files} source files, but only ${modules} modules seen: the parser is blind.`);
  for (const file of unseen) console.error(`    not seen: ${file}`);
}
// Files without a single import between them would mean that imports are not being read.
if (files > 1 && dependencies === 0) console.error('✗ No import seen in any file: the parser is blind.');

const failed =
  violations.length > 0 || unseen.length > 0 || files === 0 || modules < files || dependencies === 0;
console.log(
  `${files} source files, ${modules} modules, ${dependencies} imports, ${violations.length} violations`,
);
process.exitCode = failed ? 1 : 0;
