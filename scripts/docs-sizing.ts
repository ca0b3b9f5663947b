/* Writes the table of docs/operate.md anew with `--write`; else it fails where the table is not what was measured last. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sizingTable, withSizing } from './docs/sizing';

const root = join(import.meta.dirname, '..');
const file = join(root, 'docs/operate.md');
const text = readFileSync(file, 'utf8');
const wanted = withSizing(text, sizingTable(join(root, 'bench/results')));
if (process.argv.includes('--write')) writeFileSync(file, wanted);
else if (text !== wanted) {
  process.stderr.write(
    '✗ docs/operate.md: its table is not what bench/results says; npm run docs:sizing -- --write\n',
  );
  process.exitCode = 1;
}
