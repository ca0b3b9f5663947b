import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerBuiltinKinds } from '../api/builtin-kinds';
import { Storage } from '../api/storage';
import { readInput } from '../input';
import { Applier, createMissingNamespaces } from './apply';
import { parseSources } from './documents';
import { registerDefinitions, registerUnknown } from './kinds';
import { LoadError } from './load-error';
import { arrange, parseDuration } from './manifests';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-load-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
function problems(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof LoadError) return error.problems.join('\n').replaceAll(`${folder}/`, '');
    throw error;
  }
  return 'no problem';
}
const load = (...paths: string[]): string => problems(() => readInput({ paths }));
const names = (...paths: string[]): string[] => {
  const input = readInput({ paths });
  return input.type === 'large' ? [] : input.manifests.objects.map(({ object }) => object.metadata.name);
};
const map = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

describe('reading manifests', () => {
  it('reads files, folders, several documents, lists in YAML and JSON', () => {
    mkdirSync(join(folder, 'deep'));
    put('a.yaml', `# only a comment\n---\n${map('a1')}---\n${map('a2')}---\n`);
    put(
      'deep/b.yml',
      `apiVersion: v1\nkind: List\nitems:\n- ${map('b1').trimEnd().replaceAll('\n', '\n  ')}\n`,
    );
    put(
      'deep/c.json',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'PodList',
        items: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c1' } }],
      }),
    );
    put('deep/notes.txt', 'not read');
    put('deep/kustomization.yaml', 'resources: []');
    expect(names(folder)).toEqual(['a1', 'a2', 'b1', 'c1']);
  });

  it('takes templates inside text for what they are: text', () => {
    expect(
      names(
        put(
          'x.yaml',
          `${map('alerts')}data:\n  a.tmpl: |\n    {{ define "x" }}\n    {{ end }}\n  b: '{{ x }}'\n`,
        ),
      ),
    ).toEqual(['alerts']);
  });

  it('leaves out of a folder what is no manifest, and says so; one that is named is refused', () => {
    put('a.yaml', map('a'));
    const values = put('values.yaml', 'replicas: 2\nimage: {tag: v1}\n');
    put('pipeline.yml', '- script: make\n');
    const told: string[] = [];
    const input = readInput({ paths: [folder], log: (line) => told.push(line.replace(`${folder}/`, '')) });
    expect(input.type !== 'large' && input.manifests.objects.length).toBe(1);
    expect(told).toEqual([
      'pipeline.yml: left out: nothing in it has a kind',
      'values.yaml: left out: nothing in it has a kind',
    ]);
    expect(load(values)).toBe('values.yaml:1: no kind');
    put('broken.yaml', 'apiVersion: v1\nmetadata: {name: x}\n');
    expect(load(folder)).toBe('broken.yaml:1: no kind');
  });

  it('reads standard input', () => {
    const input = readInput({ paths: ['-'], readStdin: () => map('piped') });
    expect(input.title).toBe('standard input');
  });

  it.each([
    ['key: [1, 2', /^x\.yaml:1: not valid YAML/],
    [`${map('ok')}---\na: b\n c: d\n`, /^x\.yaml:5: not valid YAML/],
    ['metadata: {name: x}', /^x\.yaml:1: no kind$/],
    [`${map('ok')}---\nkind: Service\nmetadata: {name: x}`, /^x\.yaml:5: no apiVersion \(kind Service\)$/],
    ['apiVersion: v1\nkind: Service', /^x\.yaml:1: Service without metadata\.name$/],
    ['apiVersion: v1\nkind: Service\nmetadata: {name: 12}', /name must be text: put 12 in quotes/],
    ['just text', /not a Kubernetes object/],
    ['kind: {{ .Values.kind }}', /helm template/],
    [
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big}\ndata: {a: ${'x'.repeat(1_700_000)}}`,
      /big: too large/,
    ],
    ['', /nothing in it/],
    ['# nothing\n---\n', /nothing in it/],
    [
      'apiVersion: sandbox.ingress-atlas.dev/v1\nkind: DNSZone\nmetadata: {name: z}\nspec: {records: [{name: a.b}]}',
      /^x\.yaml:1: DNSZone z: a\.b: give exactly one/,
    ],
  ])('says file, line and reason for %j', (text, expected) => {
    expect(load(put('x.yaml', text))).toMatch(expected);
  });

  it('says what is wrong with a path', () => {
    expect(load('')).toMatch(/an empty path/);
    expect(load(join(folder, 'none.yaml'))).toBe('none.yaml: no such file or folder');
    expect(load(folder)).toMatch(/no \*\.yaml/);
    expect(load(put('x.yaml', Buffer.from([1, 0, 2, 0])))).toBe(
      'x.yaml: not a text file (binary): YAML or JSON is wanted',
    );
    mkdirSync(join(folder, 'sub'));
    symlinkSync(folder, join(folder, 'sub', 'loop'));
    expect(load(folder)).toMatch(/symbolic link loop/);
    symlinkSync(join(folder, 'self'), join(folder, 'self'));
    expect(load(join(folder, 'self'))).toMatch(/self: symbolic link loop/);
    expect(problems(() => readInput({ scenario: 'nope' }))).toMatch(
      /unknown scenario "nope": choose one of direct/,
    );
    expect(problems(() => readInput({ scenario: '../../x' }))).toMatch(/unknown scenario/);
  });

  it('tells all problems of several files at once', () => {
    expect(load(put('a.yaml', 'a: 1'), put('b.yaml', 'b: 1')).split('\n')).toHaveLength(2);
  });
});

describe('applying manifests', () => {
  const storage = (): Storage => {
    const result = new Storage();
    registerBuiltinKinds(result);
    return result;
  };

  it('registers kinds from CustomResourceDefinitions, and guesses the rest with a warning', () => {
    const target = storage();
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'gadgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Cluster',
        names: { plural: 'gadgets', kind: 'Gadget' },
        versions: [{ name: 'v1', served: true, storage: true }],
      },
    };
    const objects = [
      crd,
      { apiVersion: 'example.com/v1', kind: 'Gadget', metadata: { name: 'g' } },
      { apiVersion: 'acme.io/v1', kind: 'Policy', metadata: { name: 'p', namespace: 'x' } },
      { apiVersion: 'acme.io/v1', kind: 'ClusterPolicy', metadata: { name: 'p' } },
    ];
    const loaded = objects.map((object, index) => ({ object, place: `f:${index}` }));
    registerDefinitions(target, loaded);
    const warnings = registerUnknown(target, loaded);
    expect(warnings).toHaveLength(2);
    expect(target.info('gadgets.example.com')?.namespaced).toBe(false);
    expect(target.info('policies.acme.io')?.namespaced).toBe(true);
    expect(target.info('clusterpolicies.acme.io')?.namespaced).toBe(false);
  });

  it('creates missing namespaces and refuses invalid objects in the words of a cluster', () => {
    const target = storage();
    const loaded = parseSources([
      {
        name: 'x.yaml',
        text: 'apiVersion: v1\nkind: Service\nmetadata: {name: Bad_Name, namespace: new}\nspec: {ports: [{port: 80}]}',
      },
    ]);
    expect(createMissingNamespaces(target, loaded)).toEqual(['new']);
    const [first] = loaded;
    expect(problems(() => first && new Applier(target).apply(first))).toMatch(
      /^x\.yaml:1: Service "Bad_Name" is invalid: metadata\.name/,
    );
  });

  it('puts what others refer to first, and later stages last', () => {
    const ordered = arrange(
      parseSources([
        {
          name: 'x',
          text: `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: late, annotations: {sandbox.ingress-atlas.dev/applied-ago: 5m}}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: early}\n---\n${map('map')}`,
        },
      ]),
    );
    expect(ordered.objects.map(({ object }) => object.metadata.name)).toEqual(['map', 'early', 'late']);
    expect(parseDuration('2h')).toBe(7_200_000);
    expect(parseDuration('soon')).toBeUndefined();
  });
});
