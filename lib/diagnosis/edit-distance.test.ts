import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, kin, nearest } from './edit-distance';

describe('edit distance', () => {
  test.each([
    ['nginx', 'nginx', 0],
    ['ngnix', 'nginx', 1],
    ['web', 'webs', 1],
    ['watch', 'wear', 4],
    ['', 'abc', 3],
  ])('%s to %s', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  test('is bounded', () => {
    expect(editDistance('aaaaaaaa', 'bbbbbbbb', 2)).toBe(3);
    expect(editDistance('a', 'aaaaaaaa', 2)).toBe(3);
  });

  test('is symmetric, and a bound changes nothing below it (seed 11)', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 });
    fc.assert(
      fc.property(word, word, fc.nat(9), (a, b, limit) => {
        const distance = editDistance(a, b);
        expect(editDistance(b, a)).toBe(distance);
        expect(editDistance(a, b, limit)).toBe(Math.min(distance, limit + 1));
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});

describe('nearest name', () => {
  test('finds slips of the keyboard', () => {
    expect(nearest('ngnix', ['traefik', 'nginx'])).toBe('nginx');
    expect(nearest('wear-servic', ['watch-service', 'wear-service'])).toBe('wear-service');
    expect(nearest('HTTP', ['metrics', 'http'])).toBe('http');
  });

  test('is null when nothing is near', () => {
    expect(nearest('watch-service', ['wear-service', 'redis'])).toBeNull();
    expect(nearest('a', ['b'])).toBeNull();
    expect(nearest('nginx', [])).toBeNull();
  });

  test('does not depend on the order of the candidates', () => {
    expect(nearest('app-c', ['app-b', 'app-a'])).toBe('app-a');
    expect(nearest('app-c', ['app-a', 'app-b'])).toBe('app-a');
  });
});

describe('kin', () => {
  test('is the one name with the same first word', () => {
    expect(kin('admin-ui', ['admin-web', 'shop-web'])).toBe('admin-web');
    expect(kin('admin-ui', ['admin'])).toBe('admin');
  });

  test('is nothing where several share it, or where there is no word to share', () => {
    expect(kin('admin-ui', ['admin-web', 'admin-api'])).toBeNull();
    expect(kin('admin', ['admin-web'])).toBeNull();
    expect(kin('ui-a', ['ui-b'])).toBeNull();
  });
});
