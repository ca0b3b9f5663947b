import { expect, test } from 'vitest';
import type { Snapshot } from '@/lib/wire/messages';
import { backoff } from './backoff';
import { type Live, reduceLive } from './live-store';
import { FIRST_LINK } from './protocol';

const cluster = { id: 'c', name: 'c', connection: 'live', since: '' } as const;
const counts = { ok: 0, warning: 0, degraded: 0, broken: 0, unknown: 0, pending: 0 };
const summary = {
  hosts: counts,
  findings: { broken: 0, degraded: 0, warning: 0, info: 0 },
  outOfScope: { services: 0, pods: 0 },
};
const snapshot: Snapshot = {
  view: 'v0',
  epoch: 'e',
  version: 1,
  takenAt: '',
  cluster,
  coverage: [],
  nodes: [],
  edges: [],
  findings: [],
  summary,
};
const none = { upsert: [], remove: [] };
const delta = {
  view: 'v0',
  epoch: 'e',
  from: 1,
  version: 2,
  takenAt: '',
  nodes: none,
  edges: none,
  findings: none,
  summary,
};
const empty: Live = { topology: null, filters: null, link: FIRST_LINK };

const shown = reduceLive(empty, {
  type: 'message',
  filters: 'q=a',
  message: { type: 'snapshot', data: snapshot },
});

test('a snapshot replaces the view, a delta of that view moves it on', () => {
  expect(shown.topology?.version).toBe(1);
  const next = reduceLive(shown, {
    type: 'message',
    filters: 'q=a',
    message: { type: 'delta', data: delta },
  });
  expect(next.topology?.version).toBe(2);
});

test('a late delta of the view that one left is dropped', () => {
  expect(reduceLive(shown, { type: 'message', filters: '', message: { type: 'delta', data: delta } })).toBe(
    shown,
  );
});

test('a lost line keeps what is shown', () => {
  const lost = reduceLive(shown, { type: 'link', link: { ...FIRST_LINK, state: 'retrying' } });
  expect(lost.topology).toBe(shown.topology);
});

test('retries wait longer each time, within bounds, and not all the same', () => {
  expect(backoff(1, 0)).toBe(250);
  expect(backoff(3, 1)).toBe(2000);
  expect(backoff(30, 1)).toBe(15_000);
  expect(backoff(5, 0.1)).not.toBe(backoff(5, 0.9));
});
