import { describe, expect, it } from 'vitest';
import type { Query, Reader } from './cells';
import { QueryEngine } from './query-engine';

/** mulberry32, small and seeded: this room may not import the one of the diagnosis. */
function source(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

const KEYS = 9;
const LEVELS = 4;

/** Queries that choose by what they read what they read next: other queries, inputs, some of them several times. */
function wanderers(): readonly Query<number>[] {
  const all: Query<number>[] = [];
  for (let level = 1; level <= LEVELS; level++) {
    const lower = [...all];
    const compute = (read: Reader, key: string): number => {
      let sum = read.input('in', key) as number;
      if (sum % 7 === 6) throw new Error(`odd ${sum}`);
      const steps = 3 + (sum % 20);
      for (let step = 0; step < steps; step++) {
        const next = String((sum * 5 + step * level) % KEYS);
        const other = lower[(sum + step) % (lower.length + 1)];
        sum += other ? read.query(other, next) : (read.input('in', next) as number);
      }
      return sum % 1000;
    };
    all.push({ name: `level-${level}`, level, compute });
  }
  return all;
}

/** The same without memory. */
function plain(inputs: ReadonlyMap<string, number>, query: Query<number>, key: string): number | string {
  const read: Reader = {
    input: (_source, name) => inputs.get(name),
    query: (other, name) => other.compute(read, name),
    reached: () => true,
  };
  try {
    return query.compute(read, key);
  } catch (error) {
    return (error as Error).message;
  }
}

describe('QueryEngine at random', () => {
  // A handful of marks: they start anew all the time.
  it.each([1, 2, 3, 4, 5, 6])('gives what queries give without memory (seed %i)', (seed) => {
    const below = source(seed);
    const inputs = new Map(Array.from({ length: KEYS }, (_, i) => [String(i), below(50)]));
    const roots = new Map<string, unknown>();
    let computed = 0;
    const queries = wanderers().map((query): Query<number> => {
      const counted: Query<number> = {
        ...query,
        compute: (read, key) => ++computed && query.compute(read, key),
      };
      return counted;
    });
    const engine = new QueryEngine({
      source: () => (key) => inputs.get(key),
      onRoot: (query, key, value) => {
        if (value === undefined) roots.delete(`${query.name} ${key}`);
        else roots.set(`${query.name} ${key}`, value);
      },
      onError: (_query, _key, error) => (error as Error).message,
      marks: 1 + seed * 3,
    });
    for (let step = 0; step < 150; step++) {
      const query = queries[below(LEVELS)] as Query<number>;
      const key = String(below(KEYS));
      if (below(3) === 0) engine.removeRoot(query, key);
      else engine.addRoot(query, key);
      const changed = String(below(KEYS));
      inputs.set(changed, below(50));
      engine.invalidate('in', changed);
      while (!engine.run(step, () => below(4) === 0));
      for (const [root, value] of roots) {
        const [name = '', at = ''] = root.split(' ');
        const own = queries.find((one) => one.name === name) as Query<number>;
        expect([step, root, value]).toEqual([step, root, plain(inputs, own, at)]);
      }
      computed = 0;
      engine.run(step, () => false);
      expect(computed).toBe(0);
    }
  });
});
