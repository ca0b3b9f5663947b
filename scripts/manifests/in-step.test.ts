/* What is made from other files is what these say; nothing of it needs Helm. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { oldRenderings } from '@/scripts/manifests';
import { RENDERINGS } from './renderings';

const ROOT = join(import.meta.dirname, '..', '..');
const CHART_FILES = 'deploy/helm/ingress-atlas';

let folder = '';
afterEach(() => {
  if (folder !== '') rmSync(folder, { recursive: true });
  folder = '';
});

/** A copy of what is deployed, to change it. */
function copyOf(...paths: readonly string[]): string {
  folder = mkdtempSync(join(tmpdir(), 'ingress-atlas-manifests-'));
  for (const path of paths) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  return folder;
}

function change(path: string, from: string, to: string): void {
  const text = readFileSync(join(folder, path), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(folder, path), text.replace(from, to));
}

test('golden files and manifests are of the chart as it stands', () => {
  expect(oldRenderings(ROOT)).toEqual([]);
  expect(RENDERINGS.length).toBeGreaterThan(9);
});

test('a change of the chart makes all renderings old, one of a case only its own', () => {
  copyOf('deploy');
  expect(oldRenderings(folder)).toEqual([]);
  change(`${CHART_FILES}/ci/exposed.yaml`, 'replicas: 2', 'replicas: 3');
  expect(oldRenderings(folder)).toEqual([
    'deploy/helm/golden/exposed.yaml is older than the chart: npm run manifests -- --write',
  ]);
  change(`${CHART_FILES}/files/alerts.yaml`, 'groups:', 'groups: ');
  expect(oldRenderings(folder)).toHaveLength(RENDERINGS.length);
});

test('the chart brings the alerts that are tested', () => {
  const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  expect(text(`${CHART_FILES}/files/alerts.yaml`)).toBe(text('deploy/alerts.yaml'));
});
