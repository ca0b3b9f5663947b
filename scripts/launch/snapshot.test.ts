import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { callerFolder } from './paths.mjs';
import { snapshotOf } from './snapshot.mjs';

describe('demo --snapshot', () => {
  test.each([
    [['--snapshot', 'kept.json'], join(callerFolder, 'kept.json')],
    [['--json', '--snapshot=kept.json'], join(callerFolder, 'kept.json')],
    [['--snapshot', '/tmp/kept.json', '--json'], '/tmp/kept.json'],
    [['shop.yaml'], undefined],
    [[], undefined],
  ])('%j opens %s', (args, file) => {
    expect(snapshotOf(args)).toBe(file);
  });

  test.each([
    [['--snapshot'], 'needs the path'],
    [['--snapshot='], 'needs the path'],
    [['--snapshot', 'kept.json', '--scenario', 'large'], '"--scenario"'],
    [['shop.yaml', '--snapshot', 'kept.json'], '"shop.yaml"'],
  ])('%j is refused', (args, words) => {
    expect(() => snapshotOf(args)).toThrow(words);
  });
});
