import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';
import { formatFilters, isUnfiltered, parseFilters } from './filters';
import { parsePosition, parseViews } from './views';

function parsed(query: string): ViewFilters {
  const result = parseFilters(new URLSearchParams(query));
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function errorsOf(query: string) {
  const result = parseFilters(new URLSearchParams(query));
  return result.ok ? [] : result.errors;
}

describe('parseFilters', () => {
  test('an empty query is the whole topology', () => {
    expect(parsed('')).toEqual(NO_FILTERS);
    expect(isUnfiltered(parsed(''))).toBe(true);
    expect(isUnfiltered(parsed('budget=10'))).toBe(false);
  });

  test('repeated keys collect, in one order, without repetition', () => {
    expect(parsed('namespace=b&namespace=a&namespace=b').namespace).toEqual(['a', 'b']);
    expect(parsed('host=SHOP.example.com').host).toEqual(['shop.example.com']);
  });

  test('an unknown status says what is allowed', () => {
    expect(errorsOf('status=red')).toEqual([
      {
        parameter: 'status',
        value: 'red',
        problem: 'is no status',
        allowed: ['ok', 'warning', 'degraded', 'broken', 'unknown', 'pending'],
      },
    ]);
  });

  test.each(['0', '-1', '1.5', 'many', '99999999', '1e3'])('budget %s is refused', (value) => {
    expect(errorsOf(`budget=${value}`)).toMatchObject([{ parameter: 'budget', value }]);
  });

  test('a wrong scope, a value given twice and an overlong value are refused, all at once', () => {
    const errors = errorsOf(`scope=some&q=a&q=b&focus=${'x'.repeat(3000)}`);
    expect(errors.map((error) => error.parameter).sort()).toEqual(['focus', 'q', 'scope']);
  });

  test('parameters that are no filters are left to others', () => {
    expect(parsed('trace=https://x/&selected=pod:a/b')).toEqual(NO_FILTERS);
  });
});

const list = fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 4 });
const anyFilters = fc.record({
  namespace: list,
  host: list,
  class: list,
  controller: list,
  service: list,
  status: fc.array(fc.constantFrom('ok', 'broken', 'unknown')),
  q: fc.string(),
  focus: fc.option(fc.string({ minLength: 1 })),
  expand: list,
  budget: fc.option(fc.integer({ min: 1, max: 1000 })),
  scope: fc.constantFrom('entry', 'all'),
  cluster: fc.option(fc.string({ minLength: 1 })),
}) as fc.Arbitrary<ViewFilters>;

test('canonical form: reading it and writing it again changes nothing (seed 11)', () => {
  fc.assert(
    fc.property(anyFilters, (filters) => {
      const text = formatFilters({ ...filters, q: filters.q.trim() });
      expect(formatFilters(parsed(text))).toBe(formatFilters(parsed(formatFilters(parsed(text)))));
      const shuffled = new URLSearchParams([...new URLSearchParams(text)].reverse());
      expect(formatFilters(parsed(shuffled.toString()))).toBe(formatFilters(parsed(text)));
    }),
    { seed: 11, numRuns: 300 },
  );
});

describe('parseViews', () => {
  test('plain filters are the view main', () => {
    const result = parseViews(new URLSearchParams('namespace=shop'));
    expect(result).toMatchObject({ ok: true, value: [{ name: 'main', filters: { namespace: ['shop'] } }] });
  });

  test('several views, each with its own encoded filters', () => {
    const params = new URLSearchParams();
    params.append('view', 'a:namespace=shop&status=broken');
    params.append('view', 'b:');
    const result = parseViews(params);
    expect(result.ok && result.value.map((view) => [view.name, formatFilters(view.filters)])).toEqual([
      ['a', 'namespace=shop&status=broken'],
      ['b', ''],
    ]);
  });

  test('a wrong filter says in which view', () => {
    const result = parseViews(new URLSearchParams([['view', 'a:status=red']]));
    expect(result).toMatchObject({ ok: false, errors: [{ parameter: 'view a: status', value: 'red' }] });
  });

  test('a name given twice or a bad name is refused', () => {
    expect(
      parseViews(
        new URLSearchParams([
          ['view', 'a:'],
          ['view', 'a:'],
        ]),
      ).ok,
    ).toBe(false);
    expect(parseViews(new URLSearchParams([['view', 'a b:']])).ok).toBe(false);
  });
});

test('positions', () => {
  expect(parsePosition('k3x9.42')).toEqual({ epoch: 'k3x9', version: 42 });
  for (const text of ['', 'x', 'x.', '.1', 'a.b.1', 'x.-1', null, undefined])
    expect(parsePosition(text)).toBeNull();
});
