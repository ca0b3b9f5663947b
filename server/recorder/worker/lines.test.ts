import { describe, expect, test } from 'vitest';
import { pack, store, unpack } from '@/server/recorder/codec';
import { bytesOf } from '@/server/recorder/message-body';
import { packLines, packLog, rawOf, textOf, unpackLines, unpackLog } from './lines';

const TEXTS = ['{}', '{"title":"Störung bei 日本 🚦"}', `{"long":"${'ab c'.repeat(9000)}"}`];

describe('a body', () => {
  test.each(TEXTS)('gives back what was packed (%#)', (text) => {
    expect(unpack(pack(text))).toBe(text);
    expect(unpack(store(text))).toBe(text);
  });

  test('of a packing to come is refused', () => {
    expect(() => unpack(Uint8Array.of(77, 1, 2))).toThrow('unknown packing 77');
  });

  test('of lines gives them back', () => {
    const lines = TEXTS.map((text, at) => ({ at, text }));
    expect(unpackLines(packLines(lines.map(rawOf)))).toEqual(lines);
  });

  test('of the log gives back lines of each partition, whatever its name', () => {
    const parts = ['', '~head', 'a"b\\c'].map(
      (part, i) => [part, TEXTS.map((text, at) => rawOf({ at: at + i, text }))] as const,
    );
    const found = unpackLog(packLog(new Map(parts)));
    expect(found.map((line) => [line.part, textOf(line)])).toEqual(
      parts.flatMap(([part, lines]) => lines.map((line) => [part, textOf(line)])),
    );
  });
});

test.each([TEXTS, TEXTS.slice(0, 1), []])(
  'texts of partitions as one body stand where it says',
  (...texts) => {
    const { parts, body } = bytesOf(texts.map((text, i) => [`part${i}`, text] as const));
    let start = 0;
    const found = parts.map(([, length]) => {
      start += length;
      return Buffer.from(body.subarray(start - length, start)).toString();
    });
    expect(found).toEqual(texts);
    expect(body.byteLength).toBe(body.buffer.byteLength);
  },
);
