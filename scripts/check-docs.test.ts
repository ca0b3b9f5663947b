import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const script = fileURLToPath(new URL('./check-docs.mjs', import.meta.url));
let root = '';
afterEach(() => rmSync(root, { recursive: true, force: true }));

function check(text: string): { status: number | null; stderr: string } {
  root = mkdtempSync(join(tmpdir(), 'docs-'));
  mkdirSync(join(root, 'lib/kube'), { recursive: true });
  writeFileSync(join(root, 'lib/kube/refs.ts'), '');
  writeFileSync(join(root, 'README.md'), text);
  const { status, stderr } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' });
  return { status, stderr };
}

test.each([
  ['paths that exist', 'see `lib/kube/refs.ts`, `lib/kube/` and [this](lib/kube/refs.ts#top)'],
  [
    'patterns, commands, addresses',
    '`lib/*.ts`, `npm run demo`, `app=wear`, [x](https://example.com/lib/none.ts)',
  ],
  ['examples in blocks', '```\nlib/none.ts\n```'],
])('%s pass', (_name, text) => {
  expect(check(text)).toEqual({ status: 0, stderr: '' });
});

test.each([
  ['a cited path', 'see `lib/kube/none.ts`', 'README.md: lib/kube/none.ts does not exist'],
  ['a linked path', '[here](docs/none.md)', 'README.md: docs/none.md does not exist'],
])('%s that is gone fails', (_name, text, line) => {
  const { status, stderr } = check(text);
  expect(stderr).toContain(line);
  expect(status).toBe(1);
});
