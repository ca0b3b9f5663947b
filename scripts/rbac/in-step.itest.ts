/* What is made from the table of rights is what it says; slow, since every right's loss is tried out. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { rbacFiles, staleFiles } from '@/scripts/rbac';

const ROOT = join(import.meta.dirname, '..', '..');
const RULES = 'deploy/helm/ingress-atlas/files/rules.yaml';
const PAGE = 'docs/rbac.md';

const folder = mkdtempSync(join(tmpdir(), 'ingress-atlas-rights-'));
afterAll(() => rmSync(folder, { recursive: true }));

const files = rbacFiles();

it('the chart’s rules and the page of rights are in step', () => {
  expect([...files.keys()]).toEqual([RULES, PAGE]);
  expect(staleFiles(ROOT, files)).toEqual([]);
});

it('one that is changed by hand or missing is told', () => {
  for (const path of files.keys()) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  expect(staleFiles(folder, files)).toEqual([]);
  const rules = join(folder, RULES);
  writeFileSync(rules, readFileSync(rules, 'utf8').replace('list', 'delete'));
  rmSync(join(folder, PAGE));
  const isNot = 'is not what lib/kube/rights.ts says: npm run docs:rbac -- --write';
  expect(staleFiles(folder, files)).toEqual([`${RULES} ${isNot}`, `${PAGE} ${isNot}`]);
});
