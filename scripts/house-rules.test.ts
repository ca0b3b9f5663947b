// Proves that the rules of biome.json fire: a rule that is configured but asleep is worse than none.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, tool } from './launch/paths.mjs';

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

const planted: [file: string, rule: string, text: string][] = [
  [
    'components/alias.tsx',
    'noRestrictedImports',
    "import { hub } from '@/server/hub';\nexport const a = hub;\n",
  ],
  [
    'components/types.tsx',
    'noRestrictedImports',
    "import type { Hub } from '@/server/hub';\nexport type A = Hub;\n",
  ],
  [
    'components/builtin.tsx',
    'noNodejsModules',
    "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
  ],
  [
    'lib/kube/builtin.ts',
    'noNodejsModules',
    "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
  ],
  [
    'lib/kube/react.ts',
    'noRestrictedImports',
    "import { useState } from 'react';\nexport const a = useState;\n",
  ],
  ['lib/kube/relative.ts', 'noRestrictedImports', "import { a } from '../state/a';\nexport const b = a;\n"],
  [
    'lib/topology/later.ts',
    'noRestrictedImports',
    "import { a } from '@/lib/diagnosis/a';\nexport const b = a;\n",
  ],
  ['lib/wire/package.ts', 'noRestrictedImports', "import { parse } from 'yaml';\nexport const b = parse;\n"],
  ['server/draw.ts', 'noRestrictedImports', "import { a } from '@/components/a';\nexport const b = a;\n"],
  ['sandbox/reach.ts', 'noRestrictedImports', "import { a } from '@/lib/topology/a';\nexport const b = a;\n"],
  ['server/any.ts', 'noExplicitAny', 'export const a = (b: any) => b;\n'],
  ['server/default.ts', 'noDefaultExport', 'export default 1;\n'],
  ['server/barrel.ts', 'noBarrelFile', "export { a } from './a';\nexport { b } from './b';\n"],
  ['server/CamelCase.ts', 'useFilenamingConvention', 'export const a = 1;\n'],
  ['server/console.ts', 'noConsole', "console.log('a');\n"],
  ['server/bang.ts', 'noNonNullAssertion', 'export const a = (b?: string) => b!.length;\n'],
  [
    'server/catch.ts',
    'noEmptyBlockStatements',
    'export function a(): void {\n  try {\n    JSON.parse("");\n  } catch {}\n}\n',
  ],
  ['server/throw.ts', 'useThrowOnlyError', "export function a(): void {\n  throw 'a';\n}\n"],
  ['server/cycle-a.ts', 'noImportCycles', "import { b } from './cycle-b';\nexport const a = () => b;\n"],
  ['server/cycle-b.ts', 'noImportCycles', "import { a } from './cycle-a';\nexport const b = () => a;\n"],
  ['server/long-file.ts', 'noExcessiveLinesPerFile', many(301, (i) => `export const a${i} = ${i};`)],
  [
    'server/long-function.ts',
    'noExcessiveLinesPerFunction',
    `export function a(list: number[]): void {\n${many(61, (i) => `  list.push(${i});`)}\n}\n`,
  ],
  [
    'server/complex.ts',
    'noExcessiveCognitiveComplexity',
    `export function a(b: number): number {\n${many(16, (i) => `  if (b === ${i}) return ${i};`)}\n  return b;\n}\n`,
  ],
];

const allowed: [file: string, text: string][] = [
  ['app/page.tsx', 'export default function Page() {\n  return null;\n}\n'],
  ['sandbox/main.ts', "console.log('a');\n"],
  [
    'lib/wire/schema.ts',
    "import { z } from 'zod';\nimport type { Node } from '@/lib/topology/model';\nexport const a: Node = z.string();\n",
  ],
  ['lib/kube/fixture.test.ts', "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n"],
];

let root = '';
const found = new Map<string, Set<string>>();

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'rules-'));
  const config = JSON.parse(readFileSync(at('biome.json'), 'utf8'));
  const files = [...planted.map(([file, , text]) => [file, text]), ...allowed] as [string, string][];
  for (const [file, text] of [
    ...files,
    ['biome.json', JSON.stringify({ ...config, vcs: undefined })] as const,
  ]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const args = [tool('@biomejs/biome', 'biome'), 'lint', '--reporter=json', '--max-diagnostics=500', '.'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  for (const { category, location } of JSON.parse(stdout).diagnostics) {
    const file = String(location.path.file ?? location.path).replace(/^\.\//, '');
    found.set(file, (found.get(file) ?? new Set()).add(category.split('/').at(-1)));
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('house rules', () => {
  test.each(planted)('%s breaks %s', (file, rule) => {
    expect([...(found.get(file) ?? [])]).toContain(rule);
  });

  test.each(allowed)('%s is in order', (file) => {
    expect([...(found.get(file) ?? [])]).toEqual([]);
  });
});
