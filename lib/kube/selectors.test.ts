import { expect, it } from 'vitest';
import { matchesLabels, matchesSelector } from './selectors';

const requirement = (key: string, operator: string, values: string[] = []) => ({
  matchLabels: {},
  matchExpressions: [{ key, operator, values }],
});

it('needs every pair of a Service selector, and takes no pod for an empty one', () => {
  expect(matchesLabels({ app: 'wear' }, { app: 'wear', tier: 'web' })).toBe(true);
  expect(matchesLabels({ app: 'wear', tier: 'db' }, { app: 'wear', tier: 'web' })).toBe(false);
  expect(matchesLabels({}, { app: 'wear' })).toBe(false);
});

it('takes every object for an empty label selector', () => {
  expect(matchesSelector({ matchLabels: {}, matchExpressions: [] }, {})).toBe(true);
});

it.each([
  ['In', ['a'], { key: 'a' }, true],
  ['In', ['a'], {}, false],
  ['NotIn', ['a'], {}, true],
  ['NotIn', ['a'], { key: 'a' }, false],
  ['Exists', [], { key: '' }, true],
  ['DoesNotExist', [], { key: '' }, false],
  ['Wrong', [], { key: '' }, false],
])('%s %j on %j is %s', (operator, values, labels, expected) => {
  expect(matchesSelector(requirement('key', operator, values), labels as Record<string, string>)).toBe(
    expected,
  );
});

it('finds no label that is only a name of every object', () => {
  expect(matchesSelector(requirement('constructor', 'Exists'), {})).toBe(false);
  expect(matchesLabels({ toString: 'x' }, {})).toBe(false);
});
