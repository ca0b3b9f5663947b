import { describe, expect, test } from 'vitest';
import { noted, noteOf, pack, store, unpack } from '@/server/recorder/codec';
import { bytesOf } from '@/server/recorder/message-body';
import { packLines, packLog, textOf, unpackLines, unpackLog } from './lines';
import { RawLines } from './raw-lines';

const TEXTS = ['{}', '{"title":"Störung bei 日本 🚦"}', `{"long":"${'ab c'.repeat(9000)}"}`];

describe('a body', () => {
  test.each(TEXTS)('gives back what was packed (%#)', (text) => {
    expect(unpack(pack(text))).toBe(text);
    expect(unpack(store(text))).toBe(text);
  });

  test.each(TEXTS)('with a note gives back both (%#)', (text) => {
    const body = noted(pack(text), 'Störung 🚦');
    expect([noteOf(body), unpack(body)]).toEqual(['Störung 🚦', text]);
    // As a database gives it: within other bytes.
    const within = Buffer.concat([Buffer.from('before'), body]).subarray(6);
    expect([noteOf(within), unpack(within)]).toEqual(['Störung 🚦', text]);
    expect(noteOf(pack(text))).toBeNull();
  });

  test('that is damaged within its note, or before, is refused', () => {
    const body = noted(pack('{}'), 'a note that is long enough');
    for (const end of [1, 4, 5, 12]) expect(() => unpack(body.subarray(0, end))).toThrow('cut off');
    expect(() => noteOf(noted(body, 'twice'))).toThrow('cut off');
    const other = Buffer.from(body);
    other[12] = (other[12] ?? 0) ^ 255;
    expect(() => noteOf(other)).toThrow('cannot be unpacked');
    expect(unpack(other)).toBe('{}');
  });

  test('of a packing to come is refused', () => {
    expect(() => unpack(Uint8Array.of(77, 1, 2))).toThrow('unknown packing 77');
  });

  test('of lines gives them back', () => {
    const lines = TEXTS.map((text, at) => ({ at, text }));
    const raw = new RawLines();
    const body = Buffer.from(`before${TEXTS.join('')}after`);
    let start = 'before'.length;
    for (const { at, text } of lines) {
      const length = Buffer.byteLength(text);
      raw.add(at, body, start, length);
      start += length;
    }
    expect(unpackLines(packLines(raw))).toEqual(lines);
    expect([raw.count, raw.bytes]).toEqual([3, Buffer.byteLength(TEXTS.join(''))]);
    raw.raise(1);
    expect(unpackLines(packLines(raw)).map(({ at }) => at)).toEqual([1, 1, 2]);
  });

  test('of the log gives back lines of each partition, whatever its name', () => {
    const names = ['', '~head', 'a"b\\c'];
    // What follows the partitions' JSON is not theirs.
    const changes = names.map((_, at) => ({
      at,
      ...bytesOf(
        TEXTS.map((text, i) => [names[i] ?? '', text] as const),
        ['{"event":"é"}'],
      ),
    }));
    const found = unpackLog(packLog(changes));
    expect(found.map((line) => [line.part, textOf(line)])).toEqual(
      names.flatMap((_, at) => TEXTS.map((text, i) => [names[i], { at, text }])),
    );
  });
});

test.each([TEXTS, TEXTS.slice(0, 1), []])(
  'texts of partitions as one body stand where it says',
  (...texts) => {
    const { parts, events, body } = bytesOf(
      texts.map((text, i) => [`part${i}`, text] as const),
      texts,
    );
    let start = 0;
    const found = [...parts.map(([, length]) => length), ...events].map((length) => {
      start += length;
      return Buffer.from(body.subarray(start - length, start)).toString();
    });
    expect(found).toEqual([...texts, ...texts]);
    expect(body.byteLength).toBe(body.buffer.byteLength);
  },
);
