import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PALETTE } from './palette';

const css = readFileSync('app/globals.css', 'utf8');

test.each(Object.keys(PALETTE.light) as (keyof typeof PALETTE.light)[])(
  'the colour %s is that of the page, in both themes',
  (token) => {
    const [, light, dark] =
      new RegExp(`--${token}: light-dark\\((#[0-9a-f]+), (#[0-9a-f]+)\\);`).exec(css) ?? [];
    expect([PALETTE.light[token], PALETTE.dark[token]]).toEqual([light, dark]);
  },
);
