import { expect, test } from 'vitest';
import { parseLabelSelector } from './label-selector';

test('equality, sets and existence are parsed', () => {
  expect(
    parseLabelSelector('a=1, b==2,c!=3,d in (x, y),e notin (z),f,!example.com/g')?.matchExpressions,
  ).toEqual([
    { key: 'a', operator: 'In', values: ['1'] },
    { key: 'b', operator: 'In', values: ['2'] },
    { key: 'c', operator: 'NotIn', values: ['3'] },
    { key: 'd', operator: 'In', values: ['x', 'y'] },
    { key: 'e', operator: 'NotIn', values: ['z'] },
    { key: 'f', operator: 'Exists', values: [] },
    { key: 'example.com/g', operator: 'DoesNotExist', values: [] },
  ]);
});

test('other forms are not guessed', () => {
  expect(parseLabelSelector('a>3')).toBeNull();
  expect(parseLabelSelector('a in (b')).toBeNull();
  expect(parseLabelSelector('a=1,,b=2')).toBeNull();
});
