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
    const first = interner.value('labels', { keep: true });
    for (let i = 0; i < 200; i += 1) {
      interner.value('labels', { i });
      expect(interner.value('labels', { keep: true })).toBe(first);
    }
    expect(interner.size).toBeLessThanOrEqual(20);
  });

  it('tells values of two places apart, and neighbours that differ', () => {
    const interner = new Interner();
    const first = interner.value('labels', { a: '1', b: '2' });
    expect(interner.value('labels', { b: '2', a: '1' })).toBe(first);
    expect(interner.value('labels', { a: '1', b: '2', c: '3' })).toEqual({ a: '1', b: '2', c: '3' });
    expect(interner.value('labels', { a: '1' })).toEqual({ a: '1' });
    expect(interner.value('owner', ['1'])).toEqual(['1']);
    expect(interner.value('owner', ['1', '2'])).toEqual(['1', '2']);
  });

  it('does not mix a text with the value of the same spelling', () => {
    const interner = new Interner();
    interner.text('{"a":1}');
    expect(interner.value('labels', { a: 1 })).toEqual({ a: 1 });
  });
});
