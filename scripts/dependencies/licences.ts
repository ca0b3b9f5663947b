/* Which licences may be shipped. Pure. */
import type { Shipped } from './lockfile';

/** They ask for a notice at most. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PSF-2.0',
  'Unlicense',
]);

/** Those that ask for more, each with why it is fine here. */
export const EXCEPTIONS: readonly {
  readonly name: RegExp;
  readonly license: string;
  readonly why: string;
}[] = [
  {
    name: /^@resvg\/resvg-js/,
    license: 'MPL-2.0',
    why: 'draws pictures; used as it is, its own files are not changed',
  },
  {
    name: /^lightningcss/,
    license: 'MPL-2.0',
    why: 'makes the style sheet when it is built; is not in the server',
  },
  {
    name: /^@expo-google-fonts\/inter$/,
    license: 'MIT AND OFL-1.1',
    why: 'font of pictures; shipped with its licence file',
  },
  { name: /^@fontsource-variable\//, license: 'OFL-1.1', why: 'fonts of the page, not sold by themselves' },
  { name: /^caniuse-lite$/, license: 'CC-BY-4.0', why: 'data for the build; is not in the server' },
  {
    name: /^@img\/sharp/,
    license: 'LGPL-3.0-or-later',
    why: 'optional part of the web framework’s image optimizer, which is off; left out of the server (`next.config.ts`)',
  },
];

/** What is wrong with a package's licence; null: nothing. */
export function licenceProblem({ name, version, license, isPlatform }: Shipped): string | null {
  // The lockfile knows no licence of what was built for a system that nobody has installed it on.
  if (license === '') return isPlatform ? null : `${name}@${version} states no licence`;
  const parts = license.replace(/[()]/g, '').split(/ (?:AND|OR) /);
  if (parts.every((part) => PERMISSIVE.has(part))) return null;
  const isExcepted = EXCEPTIONS.some(
    (one) => one.name.test(name) && (license === one.license || parts.includes(one.license)),
  );
  return isExcepted ? null : `${name}@${version} is under ${license}, which nobody has judged`;
}
