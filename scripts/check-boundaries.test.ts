// Plants one violation at a time in a small tree and expects the named rule to catch it: rules that
// see nothing pass everything, and that silence would look like health.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const script = fileURLToPath(new URL('./check-boundaries.mjs', import.meta.url));
const roots: string[] = [];

const clean: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'tree',
    type: 'module',
    dependencies: { react: '1.0.0' },
    devDependencies: { vitest: '1.0.0' },
  }),
  'node_modules/react/package.json': JSON.stringify({ name: 'react', main: 'index.js' }),
  'node_modules/react/index.js': 'module.exports = {};',
  'node_modules/vitest/package.json': JSON.stringify({ name: 'vitest', main: 'index.js' }),
  'node_modules/vitest/index.js': 'module.exports = {};',
  'lib/kube/refs.ts': 'export type Ref = { name: string };\nexport const ref = 1;',
  'lib/topology/graph.ts': "import { ref } from '@/lib/kube/refs';\nexport const graph = ref;",
  'server/hub.ts':
    "import { graph } from '@/lib/topology/graph';\nexport type Hub = string;\nexport const hub = graph;",
  'components/map.tsx':
    "import { graph } from '@/lib/topology/graph';\nimport react from 'react';\nexport const map = [graph, react];",
  'app/page.tsx':
    "import { hub } from '@/server/hub';\nimport { map } from '@/components/map';\nexport const page = [hub, map];",
  'sandbox/main.ts': "import { ref } from '@/lib/kube/refs';\nexport const sandbox = ref;",
};

function check(planted: Record<string, string>): { status: number | null; output: string } {
  const root = mkdtempSync(join(tmpdir(), 'boundaries-'));
  roots.push(root);
  for (const [path, text] of Object.entries({ ...clean, ...planted })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

const planted: [name: string, rule: string, files: Record<string, string>][] = [
  [
    'a direct import by alias',
    'components-imports',
    { 'components/bad.tsx': "import { hub } from '@/server/hub';\nexport const bad = hub;" },
  ],
  [
    'a relative escape',
    'lib/topology-imports',
    { 'lib/topology/bad.ts': "import { hub } from '../../server/hub';\nexport const bad = hub;" },
  ],
  [
    'an import of types only',
    'components-imports',
    { 'components/bad.tsx': "import type { Hub } from '@/server/hub';\nexport type Bad = Hub;" },
  ],
  [
    'an import of an inline type only',
    'components-imports',
    { 'components/bad.tsx': "import { type Hub } from '@/server/hub';\nexport type Bad = Hub;" },
  ],
  [
    'a type imported in an expression',
    'no-type-import-expressions',
    { 'components/bad.tsx': "export type Bad = import('@/server/hub').Hub;" },
  ],
  [
    'a dynamic import',
    'components-imports',
    { 'components/bad.tsx': "export const bad = () => import('@/server/hub');" },
  ],
  ['a re-export', 'components-imports', { 'components/bad.tsx': "export { hub } from '@/server/hub';" }],
  [
    'an indirect path from components through lib to the server',
    'components-never-reaches-server',
    {
      'lib/wire/far.ts': "import { hub } from '@/server/hub';\nexport const far = hub;",
      'lib/wire/near.ts': "import { far } from './far';\nexport const near = far;",
      'components/bad.tsx': "import { near } from '@/lib/wire/near';\nexport const bad = near;",
    },
  ],
  [
    'a module of Node in lib',
    'lib/kube-no-node',
    { 'lib/kube/bad.ts': "import { readFileSync } from 'node:fs';\nexport const bad = readFileSync;" },
  ],
  [
    'React in lib',
    'lib/kube-packages',
    { 'lib/kube/bad.ts': "import react from 'react';\nexport const bad = react;" },
  ],
  [
    'a room of lib that imports a later one',
    'lib/topology-imports',
    {
      'lib/diagnosis/late.ts': 'export const late = 1;',
      'lib/topology/bad.ts': "import { late } from '@/lib/diagnosis/late';\nexport const bad = late;",
    },
  ],
  [
    'a file of lib outside its rooms',
    'known-room',
    { 'lib/bad.ts': "import { ref } from './kube/refs';\nexport const bad = ref;" },
  ],
  [
    'the sandbox reaching for more than lib/kube',
    'sandbox-imports',
    { 'sandbox/bad.ts': "import { graph } from '@/lib/topology/graph';\nexport const bad = graph;" },
  ],
  [
    'a demo branch in the dashboard',
    'app-imports',
    { 'app/bad.ts': "import { sandbox } from '@/sandbox/main';\nexport const bad = sandbox;" },
  ],
  [
    'a test imported by production code',
    'no-tests-in-production',
    {
      'server/hub.test.ts': 'export const fixture = 1;',
      'server/bad.ts': "import { fixture } from './hub.test';\nexport const bad = fixture;",
    },
  ],
  [
    'a development package in production code',
    'no-dev-packages-in-production',
    { 'server/bad.ts': "import vitest from 'vitest';\nexport const bad = vitest;" },
  ],
  [
    'a cycle',
    'no-cycles',
    {
      'server/one.ts': "import { two } from './two';\nexport const one = () => two;",
      'server/two.ts': "import { one } from './one';\nexport const two = () => one;",
    },
  ],
  [
    'an import that does not resolve',
    'resolvable',
    { 'server/bad.ts': "import { gone } from '@/server/gone';\nexport const bad = gone;" },
  ],
  [
    'a package in the launcher',
    'launcher-without-packages',
    { 'scripts/launch/bad.mjs': "import react from 'react';\nexport const bad = react;" },
  ],
];

describe('import boundaries', () => {
  test('a tree that keeps them passes', () => {
    expect(check({})).toEqual({ status: 0, output: expect.stringContaining(' 0 violations') });
  });

  test.each(planted)('catches %s', (_name, rule, files) => {
    const { status, output } = check(files);
    expect(output).toContain(`✗ ${rule}: `);
    expect(status).toBe(1);
  });

  test('fails where no file is seen at all', () => {
    const root = mkdtempSync(join(tmpdir(), 'boundaries-'));
    roots.push(root);
    const { status, stderr } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' });
    expect(stderr).toContain('the parser is blind');
    expect(status).toBe(1);
  });
});
