import { expect, test } from 'vitest';
import { allClear } from './all-clear';

const HOSTS = { ok: 3, warning: 0, degraded: 0, broken: 0, unknown: 1, pending: 0 };

test('all chains are called well only where no host is at fault', () => {
  expect(allClear({ hosts: HOSTS })).toMatchObject({ status: 'ok', title: 'No fault found' });
});

test('a part without fault does not hide the faults elsewhere', () => {
  expect(allClear({ hosts: { ...HOSTS, broken: 1 } })).toEqual({
    status: 'broken',
    title: 'No fault in what is shown',
    more: 'but 1 host elsewhere is at fault.',
  });
  expect(allClear({ hosts: { ...HOSTS, degraded: 2 } })).toMatchObject({
    status: 'degraded',
    more: 'but 2 hosts elsewhere are at fault.',
  });
});
