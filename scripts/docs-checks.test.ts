import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { pages, problems } from './docs-checks';

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a page that is missing, changed by hand or left over is told', () => {
  folder = mkdtempSync(join(tmpdir(), 'docs-checks-'));
  cpSync(join(import.meta.dirname, '../docs'), folder, { recursive: true });
  expect(problems(folder)).toEqual([]);
  rmSync(join(folder, 'checks/service-missing.md'));
  writeFileSync(join(folder, 'concepts/tls.md'), 'by hand');
  writeFileSync(join(folder, 'checks/no-such-check.md'), '');
  expect(problems(folder)).toEqual([
    'docs/checks/service-missing.md is missing',
    'docs/concepts/tls.md is not what the registry says',
    'docs/checks/no-such-check.md tells of what is gone',
  ]);
});

test('a page shows what its own fixture brings about', () => {
  const page = pages().get('checks/service-missing.md') ?? '';
  expect(page).toContain('## What it looks like');
  expect(page).toContain('kubectl -n shop get services');
  for (const [path, text] of pages()) expect([path, text.includes('undefined')]).toEqual([path, false]);
});
