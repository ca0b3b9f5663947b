import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListParser } from './list-parser';
import { itemParser } from './list-text';
import { LineSplitter } from './watch-events';

/** Feeds text in pieces of these sizes, over and over. */
function parse(
  text: string,
  sizes: readonly number[],
  parseText?: (text: string) => unknown,
): { items: unknown[]; envelope: unknown } {
  const parser = new ListParser(parseText);
  const bytes = Buffer.from(text);
  const items: unknown[] = [];
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    for (const item of parser.push(bytes.subarray(at, at + size))) items.push(item);
    at += size;
  }
  return { items, envelope: parser.finish() };
}

describe('list parser', () => {
  it('gives the same items as JSON.parse wherever the pieces are cut', () => {
    const item = fc.record({
      metadata: fc.dictionary(
        fc.string({ unit: 'binary' }),
        fc.json().map((text) => JSON.parse(text)),
        { maxKeys: 4 },
      ),
    });
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(0, 2),
        (items, sizes, indent) => {
          const list = { kind: 'List', metadata: { continue: 'a"\\b', note: '"items":[' }, items };
          expect(parse(JSON.stringify(list, null, indent), sizes)).toEqual({
            items: JSON.parse(JSON.stringify(items)),
            envelope: { ...list, items: [] },
          });
        },
      ),
      { numRuns: 150, seed: 20261123 },
    );
  });

  it('finds the ends of items that hold what stands between items', () => {
    const templates = [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }];
    const items = Array.from({ length: 40 }, (_, i) => ({
      metadata: { name: `item-${i}`, annotations: { odd: '},{"metadata":{' } },
      ...(i % 7 === 3 ? { spec: { volumeClaimTemplates: templates } } : {}),
    }));
    for (const size of [50, 333, 1000, 1_000_000])
      expect(parse(JSON.stringify({ metadata: {}, items }), [size]).items).toEqual(items);
  });

  it('leaves out who set which field, and nothing else', () => {
    const hostile = ['plain', 'f:}]', 'f:}],', 'f:}]},', 'f:}]}', 'k:{"name":"}],"}', 'v:"\\"', '.'];
    const items = hostile.map((key, i) => ({
      metadata: {
        name: `pod-${i}`,
        annotations: { note: '"managedFields":[{' },
        managedFields: [
          {
            manager: 'a',
            operation: 'Update',
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:metadata': { [key]: {} } },
          },
          { manager: 'b', operation: 'Update', fieldsV1: { 'f:spec': {} }, subresource: 'status' },
        ],
        labels: { after: 'managers' },
      },
      spec: { list: [{ a: 1 }] },
    }));
    for (const parsed of [itemParser('pods'), itemParser('services')]) {
      const found = parse(JSON.stringify({ items }), [700], parsed).items as typeof items;
      expect(found.map(({ metadata }) => ({ ...metadata, managedFields: [] }))).toEqual(
        items.map(({ metadata }) => ({ ...metadata, managedFields: [] })),
      );
      expect(found.map(({ spec }) => spec)).toEqual(items.map(({ spec }) => spec));
    }
  });

  it('knows the continue token before the items end, and also where it comes after them', () => {
    const parser = new ListParser();
    expect([...parser.push(Buffer.from('{"metadata":{"continue":"t"},"items":[{"a":1}'))]).toHaveLength(1);
    expect(parser.head()).toMatchObject({ metadata: { continue: 't' } });
    expect(parse('{"items":[{"a":1}],"metadata":{"continue":"t"}}', [7]).envelope).toMatchObject({
      metadata: { continue: 't' },
    });
  });

  it.each(['{"items":[{"a":1}', '{"items":[{"a":"', '{"kind":"List"', '', '<html></html>'])(
    'calls %j damaged',
    (text) => {
      expect(() => parse(text, [4])).toThrow();
    },
  );
});

describe('line splitter', () => {
  it('gives whole lines wherever the pieces are cut', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', ' ')),
          { maxLength: 8 },
        ),
        fc.integer({ min: 1, max: 9 }),
        (lines, size) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const splitter = new LineSplitter();
          const found: string[] = [];
          for (let at = 0; at < bytes.length; at += size)
            for (const line of splitter.push(bytes.subarray(at, at + size))) found.push(line.toString());
          expect(found).toEqual(lines);
          expect(splitter.rest()).toHaveLength(0);
        },
      ),
      { seed: 20261123 },
    );
  });
});
