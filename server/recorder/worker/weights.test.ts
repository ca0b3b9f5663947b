import { describe, expect, it } from 'vitest';
import { Weights } from './weights';

const KB = 1024;

describe('which partition is keyed again', () => {
  it('none that is light', () => {
    const weights = new Weights();
    weights.keyed('a', 100 * KB);
    weights.add('a', 64 * KB, 9_999);
    expect(weights.heaviest(0)).toBeNull();
  });

  it('one that outweighs its key, or has too many changes, at once', () => {
    const weights = new Weights();
    weights.keyed('a', 100 * KB);
    weights.keyed('b', 800 * KB);
    weights.add('a', 1025 * KB, 1);
    expect(weights.heaviest(0)).toBe('a');
    weights.keyed('a', 110 * KB);
    weights.add('b', 1600 * KB, 1);
    // Early, not for its weight.
    expect([weights.heaviest(0), weights.heaviest(1)]).toEqual(['b', null]);
    weights.add('b', KB, 1);
    expect([weights.heaviest(2), weights.heaviest(3)]).toEqual(['b', 'b']);
    weights.keyed('b', 800 * KB);
    weights.add('new', 1, 10_001);
    expect(weights.heaviest(4)).toBe('new');
  });

  it('others the heaviest first, and one in ten seconds', () => {
    const weights = new Weights();
    for (const [part, deltas] of [
      ['a', 70],
      ['b', 90],
      ['c', 80],
      ['d', 60],
    ] as const) {
      weights.keyed(part, 100 * KB);
      weights.add(part, deltas * KB, 10);
    }
    const keyed: (string | null)[] = [];
    for (let now = 0; now < 50_000; now += 5_000) {
      const part = weights.heaviest(now);
      keyed.push(part);
      if (part !== null) weights.keyed(part, 100 * KB);
    }
    expect(keyed).toEqual(['b', null, 'c', null, 'a', null, null, null, null, null]);
  });
});
