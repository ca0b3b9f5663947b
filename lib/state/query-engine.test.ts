import { describe, expect, it } from 'vitest';
import type { Query } from './cells';
import { QueryEngine } from './query-engine';

const never = () => false;

function harness(queries: Query<unknown>[]) {
  const inputs = new Map<string, unknown>();
  const roots = new Map<string, unknown>();
  const computed: string[] = [];
  for (const query of queries) {
    const { compute } = query;
    (query as { compute: typeof compute }).compute = (read, key) => {
      computed.push(`${query.name}(${key})`);
      return compute(read, key);
    };
  }
  const engine = new QueryEngine({
    source: (source) => (key) => inputs.get(`${source} ${key}`),
    onRoot: (query, key, value) => {
      if (value === undefined) roots.delete(`${query.name} ${key}`);
      else roots.set(`${query.name} ${key}`, value);
    },
    onError: (query, _key, error) => `${query.name} failed: ${(error as Error).message}`,
  });
  const set = (key: string, value: unknown) => {
    inputs.set(`in ${key}`, value);
    engine.invalidate('in', key);
  };
  return { engine, roots, computed, set };
}

function chain() {
  const parity: Query<unknown> = {
    name: 'parity',
    level: 1,
    compute: (read, key) => ((read.input('in', key) as number) ?? 0) % 2,
  };
  const word: Query<unknown> = {
    name: 'word',
    level: 2,
    compute: (read, key) => ({ word: read.query(parity, key) === 0 ? 'even' : 'odd' }),
  };
  return { parity, word };
}

describe('QueryEngine', () => {
  it('computes again only what read the changed input, and stops where a value stays equal', () => {
    const { parity, word } = chain();
    const { engine, roots, computed, set } = harness([parity, word]);
    engine.addRoot(word, 'a');
    engine.addRoot(word, 'b');
    set('a', 2);
    engine.run(0, never);
    const before = roots.get('word a');
    computed.length = 0;
    set('a', 4);
    engine.run(0, never);
    expect(computed).toEqual(['parity(a)']);
    expect(roots.get('word a')).toBe(before);
    set('a', 5);
    engine.run(0, never);
    expect(roots.get('word a')).toEqual({ word: 'odd' });
  });

  it('computes an output ahead of its turn, unless an input lacks something', () => {
    const { parity, word } = chain();
    const { engine, roots, computed, set } = harness([parity, word]);
    const lacks = (_source: string, key: string) => (key === 'b' ? 'the rest' : null);
    set('a', 2);
    engine.addRoot(word, 'a');
    engine.addRoot(word, 'b');
    expect(engine.ahead(word, 'a', 0, lacks)).toBeNull();
    expect(engine.ahead(word, 'b', 0, lacks)).toBe('the rest');
    expect(engine.ahead(word, 'nobody', 0, lacks)).toBeNull();
    expect([...roots]).toEqual([['word a', { word: 'even' }]]);
    computed.length = 0;
    set('b', 3);
    engine.run(0, never);
    // What is settled is not computed again, what lacked something is.
    expect(computed).toEqual(['word(b)', 'parity(b)']);
    expect(roots.get('word b')).toEqual({ word: 'odd' });
    set('a', 1);
    engine.run(0, never);
    expect(roots.get('word a')).toEqual({ word: 'odd' });
  });

  it('tells all who read something that is computed anew ahead of its turn', () => {
    const { parity, word } = chain();
    const { engine, roots, set } = harness([parity, word]);
    const whole = () => null;
    const twice: Query<unknown> = { ...word, name: 'twice' };
    set('a', 2);
    engine.addRoot(word, 'a');
    engine.run(0, never);
    set('a', 3);
    // Parity is to be computed anew, and this one reads it first: it is left for later.
    engine.addRoot(twice, 'a');
    expect(engine.ahead(twice, 'a', 0, whole)).toBeNull();
    expect(roots.get('twice a')).toBeUndefined();
    expect(roots.get('word a')).toEqual({ word: 'even' });
    engine.run(0, never);
    expect(roots.get('twice a')).toEqual({ word: 'odd' });
    expect(roots.get('word a')).toEqual({ word: 'odd' });
  });

  it('keeps nothing ahead that has seen both the old and the new of something', () => {
    const z: Query<unknown> = { name: 'z', level: 1, compute: (read) => read.input('in', 'z') };
    const y: Query<unknown> = { name: 'y', level: 2, compute: (read) => read.query(z, '') };
    const both: Query<unknown> = {
      name: 'both',
      level: 3,
      compute: (read) => [read.query(z, ''), read.query(y, '')].join(),
    };
    const other: Query<unknown> = { name: 'other', level: 9, compute: (read) => read.query(y, '') };
    const torn: Query<unknown> = {
      name: 'torn',
      level: 9,
      compute: (read) => [read.query(y, ''), read.query(both, '')].join(),
    };
    const { engine, roots, set } = harness([z, y, both, other, torn]);
    set('z', 1);
    engine.addRoot(other, '');
    engine.addRoot(torn, '');
    engine.ahead(other, '', 0, () => null);
    set('z', 2);
    engine.ahead(torn, '', 0, () => null);
    engine.run(0, never);
    expect(Object.fromEntries(roots)).toEqual({ 'other ': 2, 'torn ': '2,2,2' });
  });

  it('hears of what it read ahead though nobody else reads it any more', () => {
    const choice: Query<unknown> = {
      name: 'choice',
      level: 1,
      compute: (read) => (read.input('in', 'which') === 'p' ? read.input('in', 'p') : 'none'),
    };
    const other: Query<unknown> = { name: 'other', level: 9, compute: (read) => read.query(choice, '') };
    const heir: Query<unknown> = {
      name: 'heir',
      level: 9,
      compute: (read) => [read.input('in', 'p'), read.query(choice, '')].join(),
    };
    const { engine, roots, set } = harness([choice, other, heir]);
    set('which', 'p');
    set('p', 1);
    engine.addRoot(other, '');
    engine.addRoot(heir, '');
    engine.ahead(other, '', 0, () => null);
    set('which', 'x');
    engine.ahead(heir, '', 0, () => null);
    engine.run(0, never);
    set('p', 2);
    engine.run(0, never);
    expect(roots.get('heir ')).toBe('2,none');
  });

  it('goes no further ahead where something lacks', () => {
    const levels: Query<unknown>[] = [];
    for (let level = 0; level < 8; level++)
      levels.push({
        name: `level-${level}`,
        level,
        compute: (read) =>
          level === 0
            ? read.input('in', 'a')
            : [1, 2, 3, 4].map(() => read.query(levels[level - 1] as Query<unknown>, '')).join(''),
      });
    const top: Query<unknown> = {
      name: 'top',
      level: 9,
      compute: (read) => {
        try {
          read.input('pods', 'x');
        } catch {
          // As a check that fails does.
        }
        return String(read.query(levels[7] as Query<unknown>, '')).length;
      },
    };
    const { engine, computed, roots, set } = harness([...levels, top]);
    set('a', 1);
    engine.addRoot(top, '');
    expect(engine.ahead(top, '', 0, (source) => (source === 'pods' ? 'the rest' : null))).toBe('the rest');
    expect(computed).toEqual(['top()']);
    engine.run(0, never);
    expect(roots.get('top ')).toBe(4 ** 7);
  });

  it('drops a query that nobody reads any more', () => {
    const leaf: Query<unknown> = { name: 'leaf', level: 1, compute: (read, key) => read.input('in', key) };
    const pick: Query<unknown> = {
      name: 'pick',
      level: 2,
      compute: (read) => read.query(leaf, String(read.input('in', 'which'))),
    };
    const { engine, computed, set } = harness([leaf, pick]);
    set('which', 'x');
    engine.addRoot(pick, '');
    engine.run(0, never);
    set('which', 'y');
    engine.run(0, never);
    computed.length = 0;
    set('x', 1);
    engine.run(0, never);
    expect(computed).toEqual([]);
  });

  it('keeps what a dropped query read when its reader now reads it itself', () => {
    const inner: Query<unknown> = { name: 'inner', level: 1, compute: (read) => read.input('in', 'x') };
    const outer: Query<unknown> = {
      name: 'outer',
      level: 2,
      compute: (read) =>
        read.input('in', 'direct') ? ['direct', read.input('in', 'x')] : ['through', read.query(inner, '')],
    };
    const { engine, roots, set } = harness([inner, outer]);
    set('x', 1);
    engine.addRoot(outer, '');
    engine.run(0, never);
    set('direct', true);
    engine.run(0, never);
    set('x', 2);
    engine.run(0, never);
    expect(roots.get('outer ')).toEqual(['direct', 2]);
  });

  it('wakes a query that waits for a time', () => {
    const late: Query<unknown> = { name: 'late', level: 1, compute: (read) => read.reached(100) };
    const { engine, roots } = harness([late]);
    engine.addRoot(late, '');
    engine.run(0, never);
    expect([roots.get('late '), engine.nextWake]).toEqual([false, 100]);
    engine.run(100, never);
    expect([roots.get('late '), engine.nextWake]).toEqual([true, null]);
  });

  it('goes on where a deadline stopped it', () => {
    const { parity, word } = chain();
    const { engine, roots, set } = harness([parity, word]);
    for (let i = 0; i < 20; i++) {
      set(String(i), i);
      engine.addRoot(word, String(i));
    }
    let steps = 0;
    while (!engine.run(0, () => steps++ % 4 === 3));
    expect(roots.size).toBe(20);
  });

  it('lets a throwing query stand as its error and heals with its input', () => {
    const fragile: Query<unknown> = {
      name: 'fragile',
      level: 1,
      compute: (read) => {
        if (read.input('in', 'a') === 'bad') throw new Error('odd object');
        return 'fine';
      },
    };
    const { engine, roots, set } = harness([fragile]);
    set('a', 'bad');
    engine.addRoot(fragile, '');
    engine.run(0, never);
    expect(roots.get('fragile ')).toBe('fragile failed: odd object');
    set('a', 'good');
    engine.run(0, never);
    expect(roots.get('fragile ')).toBe('fine');
  });

  it('refuses a read against the order of levels', () => {
    const { parity, word } = chain();
    const wrong: Query<unknown> = { name: 'wrong', level: 1, compute: (read) => read.query(word, '') };
    const { engine, roots } = harness([parity, word, wrong]);
    engine.addRoot(wrong, '');
    engine.run(0, never);
    expect(roots.get('wrong ')).toMatch(/not of a lower level/);
  });
});
