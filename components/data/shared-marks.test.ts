import { expect, it } from 'vitest';
import { marksOf } from './shared-marks';

const mark = {
  finding: 'a',
  until: '2026-01-01T12:00:00Z',
  note: 'known',
  fingerprint: 'f',
  by: 'ann',
  at: '',
};

it('takes marks that expect something; notes alone expect nothing', () => {
  expect(marksOf({ marks: [mark, { ...mark, finding: 'b', until: null }] })).toEqual([
    { id: 'a', until: '2026-01-01T12:00:00Z', note: 'known', fingerprint: 'f', by: 'ann' },
  ]);
});

it('finds none in what is no list', () => {
  expect(marksOf(null)).toEqual([]);
  expect(marksOf({ marks: 'all' })).toEqual([]);
});
