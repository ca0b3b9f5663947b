/*
 * The pages of docs/checks and docs/concepts, made of the registry of codes, the texts of lib/learn and the fixtures.
 * `--write` writes them; else it fails where a page is missing or old, or a check has no fixture that fires it, or none
 * for its traps.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CODES } from '@/lib/diagnosis/codes';
import { MANIFEST_CODES } from '@/lib/diagnosis/codes/manifests';
import { scenarios } from '@/lib/diagnosis/testing/scenarios';
import { CONCEPTS } from '@/lib/learn/concepts';
import { checkIndex, checkPage } from './docs/check-page';
import { conceptIndex, conceptPage } from './docs/concept-page';

/** Not provoked by objects: a fault of the dashboard, and what stands in files. */
const WITHOUT_FIXTURE = new Set(['check-failed', ...Object.keys(MANIFEST_CODES)]);

/** Every page by its path below `docs`. */
export function pages(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  found.set('checks/README.md', checkIndex());
  for (const code of Object.keys(CODES)) found.set(`checks/${code}.md`, checkPage(code));
  found.set('concepts/README.md', conceptIndex());
  for (const concept of CONCEPTS) found.set(`concepts/${concept.slug}.md`, conceptPage(concept));
  return found;
}

function oldPages(docs: string, wanted: ReadonlyMap<string, string>): readonly string[] {
  return ['checks', 'concepts'].flatMap((folder) =>
    existsSync(join(docs, folder))
      ? readdirSync(join(docs, folder))
          .map((name) => `${folder}/${name}`)
          .filter((path) => !wanted.has(path))
      : [],
  );
}

/** What is not as it should be, in words; empty: nothing. */
export function problems(docs: string): readonly string[] {
  const wanted = pages();
  const stale = [...wanted].flatMap(([path, text]) => {
    const file = join(docs, path);
    if (!existsSync(file)) return [`docs/${path} is missing`];
    return readFileSync(file, 'utf8') === text ? [] : [`docs/${path} is not what the registry says`];
  });
  const gone = oldPages(docs, wanted).map((path) => `docs/${path} tells of what is gone`);
  return [...stale, ...gone, ...withoutFixtures()];
}

function withoutFixtures(): readonly string[] {
  const all = scenarios();
  return Object.keys(CODES)
    .filter((code) => !WITHOUT_FIXTURE.has(code))
    .flatMap((code) => {
      const fires = all.some(
        ({ name, expect: { also = [], ...first } }) =>
          (name.startsWith(`${code}/`) && !name.includes('/trap-')) ||
          [first, ...also].some((entry) => entry.findings?.includes(code) === true),
      );
      const traps = all.some(
        ({ name, expect: { also = [], ...first } }) =>
          name.includes('/trap-') &&
          [first, ...also].some((entry) => [...(entry.absent ?? []), ...(entry.closed ?? [])].includes(code)),
      );
      return [
        ...(fires ? [] : [`${code} has no fixture that fires it`]),
        ...(traps ? [] : [`${code} has no fixture of a trap`]),
      ];
    });
}

function write(docs: string): void {
  const wanted = pages();
  for (const path of oldPages(docs, wanted)) rmSync(join(docs, path));
  for (const [path, text] of wanted) {
    mkdirSync(dirname(join(docs, path)), { recursive: true });
    writeFileSync(join(docs, path), text);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const docs = join(process.cwd(), 'docs');
  if (process.argv.includes('--write')) write(docs);
  const found = problems(docs);
  for (const line of found) console.error(`✗ ${line}`);
  console.log(`${Object.keys(CODES).length} checks, ${CONCEPTS.length} concepts, ${found.length} problems`);
  process.exitCode = found.length > 0 ? 1 : 0;
}
