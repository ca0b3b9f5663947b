import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { expect, test } from 'vitest';

/** Source files of what is built. */
async function sources(pattern: string): Promise<readonly (readonly [string, string])[]> {
  const found: [string, string][] = [];
  for await (const file of glob(pattern))
    if (!/\.(test|itest)\.tsx?$/.test(file)) found.push([file, readFileSync(file, 'utf8')]);
  return found;
}

test('there are no Server Actions: they have a history of faults, and no CSRF guard of ours', async () => {
  const all = await sources('{app,components,lib,server}/**/*.{ts,tsx}');
  expect(all.length).toBeGreaterThan(300);
  const actions = all.filter(([, text]) => /^\s*['"]use server['"]/m.test(text));
  expect(actions.map(([file]) => file)).toEqual([]);
});

test('no markup is made from text', async () => {
  const all = await sources('{app,components}/**/*.{ts,tsx}');
  const makers = /dangerouslySetInnerHTML|\.innerHTML|insertAdjacentHTML|document\.write|outerHTML|srcDoc/;
  expect(all.filter(([, text]) => makers.test(text)).map(([file]) => file)).toEqual([]);
});

/** Beginnings that keep a link in this dashboard, whatever follows. */
const OWN = /^(\/(?![/\\])|#)/;

/** Expressions that give an address of this dashboard, each from one function that builds it. */
const BUILT = new Set([
  'url',
  'href',
  'src',
  'liveAddress(snapshot)',
  'compareAddress(snapshot)',
  'hostAddress(node.id, cluster.id, clusters)',
  'addressOf(cluster, clusters)',
  // Of the sign-in page: by `returnPath`, which makes a path of this dashboard of whatever it is given.
  'to',
]);

test('every link begins in this dashboard: no string of a cluster becomes an address', async () => {
  const wrong: string[] = [];
  let seen = 0;
  for (const [file, text] of await sources('{app,components}/**/*.tsx')) {
    for (const match of text.matchAll(
      /\b(?:href|src|formAction|xlinkHref)=(?:"([^"]*)"|\{`([^`]*)`\}|\{([^}]*)\})/g,
    )) {
      seen += 1;
      const [whole, plain, template, expression] = match;
      const fine = expression === undefined ? OWN.test(plain ?? template ?? '') : BUILT.has(expression);
      const isPath = template?.startsWith(`\${path}/`) ?? false;
      if (!fine && !isPath) wrong.push(`${file}: ${whole}`);
    }
  }
  expect(seen).toBeGreaterThan(15);
  expect(wrong).toEqual([]);
});
