import { expect, test } from 'vitest';
import type { Mark } from '@/server/recorder/types';
import { Marks } from './marks';

class Store {
  readonly kept = new Map<string, Mark>();
  list = () => Promise.resolve([...this.kept.values()]);
  put = (mark: Mark) => Promise.resolve(void this.kept.set(mark.finding, mark));
  remove = (finding: string) => Promise.resolve(void this.kept.delete(finding));
}

function marksOf(store: Store, findings: readonly string[]) {
  const clock = { now: 1000 };
  const marks = new Marks({
    store,
    isFinding: (id) => findings.includes(id),
    now: () => clock.now,
    limits: { count: 2, changing: { burst: 20, everyMs: 10 } },
  });
  const put = (finding: string, until: number | null = null) =>
    marks.put({ finding, until, note: 'n', fingerprint: '', by: '' });
  return { clock, marks, put };
}

test('a quota is kept, and what is over makes room', async () => {
  const store = new Store();
  const { clock, marks, put } = marksOf(store, ['a', 'b', 'c']);
  expect(await put('a', 2000)).toMatchObject({ mark: { finding: 'a', at: 1000 } });
  expect(await put('b')).toHaveProperty('mark');
  expect(await put('c')).toEqual({ refused: 'full' });
  expect(await put('b', 5000)).toHaveProperty('mark');
  clock.now = 3000;
  expect((await marks.list()).map(({ finding }) => finding)).toEqual(['b']);
  expect(await put('c')).toHaveProperty('mark');
  expect([...store.kept.keys()].sort()).toEqual(['b', 'c']);
});

test('only findings that there are can be marked, and marks outlive them', async () => {
  const findings = ['a'];
  const { put } = marksOf(new Store(), findings);
  expect(await put('x')).toEqual({ refused: 'no-finding' });
  await put('a');
  findings.pop();
  expect(await put('a', 9000)).toHaveProperty('mark');
});

test('whoever changes too fast waits', async () => {
  const { clock, marks, put } = marksOf(new Store(), ['a']);
  for (let i = 0; i < 20; i++) expect(await put('a')).toHaveProperty('mark');
  expect(await put('a')).toEqual({ refused: 'too-often', waitMs: 10 });
  expect(await marks.remove('a')).toBe(10);
  clock.now += 10;
  expect(await marks.remove('a')).toBe(0);
});
