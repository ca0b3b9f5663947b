import { describe, expect, it } from 'vitest';
import { Cell, type Query, Trail } from './cells';

const query: Query<unknown> = { name: 'any', level: 1, compute: () => null };

describe('Trail', () => {
  it('keeps each cell once, in the order of first reads, though a nested computation reads the same', () => {
    const trail = new Trail(() => undefined);
    const cells = ['a', 'b', 'c', 'd'].map((key) => new Cell('in', key));
    const [a, b, c, d] = cells as [Cell, Cell, Cell, Cell];
    const outer = trail.begin(new Cell(query, 'outer'), query, null);
    for (const cell of [a, b, a]) trail.add(cell, outer);
    const inner = trail.begin(new Cell(query, 'inner'), query, outer);
    for (const cell of [b, c, a, b]) trail.add(cell, inner);
    expect(trail.end(inner)).toEqual([b, c, a]);
    for (const cell of [b, d, a]) trail.add(cell, outer);
    expect(trail.end(outer)).toEqual([a, b, d]);
  });

  it('keeps one cell without a list, and none as null', () => {
    const trail = new Trail(() => undefined);
    const cell = new Cell('in', 'a');
    const one = trail.begin(new Cell(query, 'one'), query, null);
    trail.add(cell, one);
    expect(trail.end(one)).toBe(cell);
    expect(trail.end(trail.begin(new Cell(query, 'none'), query, null))).toBe(null);
  });
});
