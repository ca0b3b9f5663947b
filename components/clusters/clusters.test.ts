import { expect, test } from 'vitest';
import { viewOfQuery } from '@/components/chrome/view-state';
import type { ClusterEntry } from '@/lib/wire/clusters';
import { hostAddress, viewIn, withCluster } from './addresses';
import { knownOf } from './cluster-store';
import { inContext } from './commands';
import { isMeant } from './palette-row';
import { standingOf } from './words';

const entry = (id: string, more: Partial<ClusterEntry> = {}): ClusterEntry => ({
  id,
  name: id,
  connection: 'live',
  since: '',
  environment: 'other',
  synced: true,
  broken: 0,
  degraded: 0,
  hosts: [],
  ...more,
});
const WWW = { id: 'host:www.example', name: 'www.example', status: 'broken' } as const;
const LIST = [entry('prod'), entry('staging', { hosts: [WWW] })];
const [PROD, STAGING] = LIST as [ClusterEntry, ClusterEntry];

test('the first cluster is not named in addresses', () => {
  expect(withCluster('/api/v1/marks', null)).toBe('/api/v1/marks');
  expect(withCluster('/api/v1/marks', 'a&b=c')).toBe('/api/v1/marks?cluster=a%26b%3Dc');
  expect(withCluster('/api/v1/x?y=1', 'b')).toBe('/api/v1/x?y=1&cluster=b');
  expect(hostAddress(WWW.id, 'prod', LIST)).not.toContain('cluster');
  expect(hostAddress(WWW.id, 'staging', LIST)).toContain('cluster=staging');
});

test('switching keeps what one looks for and the moment; of things only a host that is there too', () => {
  const from = viewOfQuery(
    `namespace=shop&status=broken&q=wear&class=nginx&host=www.example&host=other.example&service=shop/a&controller=x&expand=group:a&focus=${WWW.id}&select=service:shop/a&show=list&t=2026-01-01T00:00:00.000Z&compare=now&scope=all`,
  );
  const there = viewIn(from, STAGING, LIST);
  expect(there).toMatchObject({
    namespace: ['shop'],
    status: ['broken'],
    q: 'wear',
    class: ['nginx'],
    host: ['www.example'],
    focus: WWW.id,
    select: null,
    show: 'list',
    t: '2026-01-01T00:00:00.000Z',
    cluster: 'staging',
  });
  expect([there.service, there.controller, there.expand]).toEqual([[], [], []]);
  expect([there.compare, there.scope]).toEqual([null, null]);
  // Back: what they have in common is not known from here.
  expect(viewIn(there, PROD, LIST)).toMatchObject({
    cluster: null,
    focus: null,
    host: [],
    namespace: ['shop'],
  });
});

test('a cluster of which nothing is known is not called well', () => {
  expect(standingOf(PROD)).toEqual({ status: 'ok', words: 'no fault found' });
  expect(standingOf(entry('x', { broken: 2, degraded: 1 }))).toEqual({
    status: 'broken',
    words: '2 broken · 1 degraded',
  });
  expect(standingOf(entry('x', { broken: null, degraded: null, connection: 'connecting' })).status).toBe(
    'unknown',
  );
  expect(standingOf(entry('x', { connection: 'stale' }))).toEqual({ status: 'unknown', words: 'stale' });
  expect(standingOf(entry('x', { connection: 'stale', broken: 1 }))).toEqual({
    status: 'broken',
    words: '1 broken · stale',
  });
});

test('with one cluster nothing is known of clusters', () => {
  expect(knownOf({ clusters: [PROD] }).list).toEqual([]);
  expect(knownOf({ nonsense: true }).list).toEqual([]);
  const { list, elsewhere } = knownOf({ clusters: LIST });
  expect(list).toHaveLength(2);
  expect(elsewhere.get(WWW.id)).toEqual([{ cluster: STAGING, status: 'broken' }]);
});

test('commands are for the context that is shown, every one of a pipe', () => {
  expect(inContext('kubectl get pods', null)).toBe('kubectl get pods');
  expect(inContext('kubectl get pods | grep x && kubectl logs a', 'prod')).toBe(
    'kubectl --context prod get pods | grep x && kubectl --context prod logs a',
  );
  expect(inContext('kubectl get x', "it's $(reboot)")).toBe("kubectl --context 'it'\\''s $(reboot)' get x");
  expect(inContext('helm list # not kubectl itself', 'prod')).toBe('helm list # not kubectl itself');
});

test('clusters are found by what they are called and what they are for', () => {
  const cluster = entry('eu-1', { environment: 'production' });
  for (const text of ['', 'eu', 'switch cluster', 'production eu']) expect(isMeant(cluster, text)).toBe(true);
  expect(isMeant(cluster, 'staging')).toBe(false);
});
