import { expect, test } from 'vitest';
import { formatView, parseView } from './view';

const canonical = (view: string) => {
  const parsed = parseView(view);
  return parsed.ok
    ? formatView(parsed.value)
    : parsed.errors.map(({ parameter, value }) => [parameter, value]);
};

test.each([
  ['', ''],
  ['?', ''],
  [
    '?select=service%3Ashop%2Fwear&status=broken&namespace=shop',
    'namespace=shop&status=broken&select=service%3Ashop%2Fwear',
  ],
  [
    'show=list&group=host&severity=broken&severity=warning&impact=risk',
    'show=list&group=host&severity=broken&severity=warning&impact=risk',
  ],
])('%s is kept as %s', (view, kept) => {
  expect(canonical(view)).toBe(kept);
  expect(canonical(kept)).toBe(kept);
});

test('everything that is wrong is told', () => {
  expect(canonical('token=secret&status=bad&budget=-1')).toEqual([
    ['view', 'token'],
    ['status', 'bad'],
    ['budget', '-1'],
  ]);
});

test('what is selected has a length', () => {
  expect(canonical(`select=${'x'.repeat(3000)}`)).toEqual([['select', `${'x'.repeat(80)}…`]]);
});
