import { describe, expect, it } from 'vitest';
import { Interner } from './interner';
import { equalData, share } from './share';

describe('share', () => {
  it('gives the previous object itself when nothing differs', () => {
    const previous = { name: 'a', ips: ['1'], labels: { x: 'y' } };
    expect(share(previous, structuredClone(previous))).toBe(previous);
  });

  it('keeps the references of equal fields beside a changed one', () => {
    const previous = { phase: 'Pending', labels: { x: 'y' } };
    const next = share(previous, { phase: 'Running', labels: { x: 'y' } });
    expect(next.phase).toBe('Running');
    expect(next.labels).toBe(previous.labels);
  });

  it('tells a list from a record and a missing key from another', () => {
    expect(equalData([], {})).toBe(false);
    expect(equalData({ a: undefined }, { b: undefined })).toBe(false);
  });
});

describe('interner', () => {
  it('holds at most two generations and carries over what is used', () => {
    const interner = new Interner(10);
    const first = interner.value({ keep: true });
    for (let i = 0; i < 200; i += 1) {
      interner.value({ i });
      expect(interner.value({ keep: true })).toBe(first);
    }
    expect(interner.size).toBeLessThanOrEqual(20);
  });

  it('does not mix a text with the value of the same spelling', () => {
    const interner = new Interner();
    interner.text('{"a":1}');
    expect(interner.value({ a: 1 })).toEqual({ a: 1 });
  });
});
