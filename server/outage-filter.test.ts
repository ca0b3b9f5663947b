import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { KindName } from '@/lib/kube/objects';
import type { Change, ResourceState } from '@/lib/state/change';
import { OutageFilter } from './outage-filter';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function coverage(resource: KindName, state: ResourceState): Change {
  return { type: 'coverage', coverage: { resource, state, reason: '' } };
}

function harness() {
  const passed: string[] = [];
  const filter = new OutageFilter((changes) => {
    for (const change of changes)
      if (change.type === 'coverage') passed.push(`${change.coverage.resource} ${change.coverage.state}`);
  });
  return { filter, passed };
}

it('passes a resource that fails by itself', () => {
  const { filter, passed } = harness();
  filter.connection('live');
  filter.change([coverage('pods', 'failing')]);
  expect(passed).toEqual(['pods failing']);
});

it('keeps the last known state while nothing gets through, and drops what heals', () => {
  const { filter, passed } = harness();
  filter.connection('stale');
  filter.change([coverage('pods', 'failing'), coverage('services', 'failing')]);
  expect(passed).toEqual([]);
  filter.connection('live');
  filter.change([coverage('pods', 'watched')]);
  vi.advanceTimersByTime(60_000);
  expect(passed).toEqual(['pods watched', 'services failing']);
});

it('waits for the watchers to come back before it says what still fails', () => {
  const { filter, passed } = harness();
  filter.connection('stale');
  filter.connection('live');
  filter.change([coverage('pods', 'failing')]);
  filter.change([coverage('pods', 'watched')]);
  vi.advanceTimersByTime(60_000);
  expect(passed).toEqual(['pods watched']);
});
