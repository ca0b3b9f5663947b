import { expect, test } from 'vitest';
import { parseSources } from '@/sandbox/load/documents';
import { retold, undumped } from './dumped';

function closed(...kinds: readonly string[]) {
  const text = kinds.map((kind) => `apiVersion: v1\nkind: ${kind}\nmetadata: { name: a }\n`).join('---\n');
  return undumped(parseSources([{ name: 'dump.yaml', text }]));
}

test('what a dump holds none of is not known to be missing', () => {
  const ids = closed('Ingress', 'Service', 'Deployment');
  expect(ids).toEqual(expect.arrayContaining(['secrets', 'endpointslices', 'pods', 'clusterroles']));
  for (const id of ['ingresses', 'services', 'deployments', 'namespaces', 'certificates'] as const)
    expect(ids).not.toContain(id);
});

test('kinds that are dumped together are closed together', () => {
  expect(closed('Deployment')).not.toContain('daemonsets');
  expect(closed('Service')).toContain('daemonsets');
  expect(closed('ClusterRole')).not.toContain('rolebindings');
});

test('the reason is that of the dump, where it is the dump’s', () => {
  const row = (resource: string, reason: string) => ({
    resource,
    state: 'forbidden' as const,
    reason,
    fix: '',
  });
  const unseen = [row('secrets', '403: refused'), row('pods', '403: no right')];
  const { unseen: told } = retold({ what: '', findings: [], rules: [], unseen, notes: [] }, ['secrets']);
  expect(told.map(({ reason }) => reason)).toEqual([
    'the dump holds none, so there may be some',
    '403: no right',
  ]);
});
