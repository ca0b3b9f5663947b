import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESOURCES } from '@/lib/kube/resources';
import { Interner } from './interner';
import { type ProjectedKind, project } from './project';

const KINDS = RESOURCES.map(({ id }) => id).filter((id): id is ProjectedKind => id !== 'secrets');

/** Field names that projections read, so that random objects reach deep. */
const FIELDS = [
  'metadata',
  'spec',
  'status',
  'name',
  'namespace',
  'labels',
  'annotations',
  'ownerReferences',
  'rules',
  'http',
  'paths',
  'backend',
  'service',
  'port',
  'tls',
  'hosts',
  'containers',
  'initContainers',
  'env',
  'valueFrom',
  'args',
  'containerStatuses',
  'initContainerStatuses',
  'state',
  'lastState',
  'terminated',
  'waiting',
  'conditions',
  'template',
  'selector',
  'matchLabels',
  'matchExpressions',
  'ports',
  'endpoints',
  'addresses',
  'targetRef',
  'loadBalancer',
  'ingress',
  'podIPs',
  'ingress',
  'egress',
  'from',
  'podSelector',
  'ipBlock',
  'rules',
  'subjects',
  'webhooks',
  'clientConfig',
  'involvedObject',
  'series',
  'managedFields',
  'issuerRef',
  'securityContext',
  'volumes',
  'creationTimestamp',
  'readinessGates',
  'scaleTargetRef',
  'mtls',
  'portLevelMtls',
  'targetRefs',
  'specs',
  'endpointSelector',
  'ingressDeny',
  'enableDefaultDeny',
  'toPorts',
  'namespaceSelector',
  'subject',
  'namespaces',
  'pods',
  'resource',
  '__proto__',
  'constructor',
];

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    '\u0000',
    '\u202Eevil',
    '</script>',
    'javascript:alert(1)',
    'x'.repeat(253),
    '😀',
    '-1',
    'NaN',
  ),
);
const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: 'large' },
    hostileText,
    fc.constantFrom(null, true, false, 0, -1, 1e308, Number.NaN),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...FIELDS), hostileText), tie('value'), { maxKeys: 6 }),
  ),
}));

describe('projections of hostile objects', () => {
  it('never throw, whatever the object is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), anything, (kind, raw) => {
        project(kind, raw, new Interner());
      }),
      { numRuns: 6000, seed: 20261123 },
    );
  });

  it('never throw where only the name is sound, and keep that name', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), anything, anything, (kind, spec, status) => {
        const raw = {
          metadata: { name: 'n', namespace: 'ns', labels: spec, annotations: status },
          spec,
          status,
          endpoints: spec,
        };
        expect(project(kind, raw, new Interner())?.name).toBe('n');
      }),
      { numRuns: 6000, seed: 20261124 },
    );
  });

  it('give null without a usable name', () => {
    for (const raw of [
      null,
      undefined,
      7,
      'x',
      [],
      {},
      { metadata: null },
      { metadata: { name: '' } },
      { metadata: { name: 'a/b' } },
    ]) {
      for (const kind of KINDS) expect(project(kind, raw, new Interner())).toBeNull();
    }
  });

  it.each([
    ['spec', { spec: undefined }],
    ['rules: null', { spec: { rules: null } }],
    ['paths: null', { spec: { rules: [{ host: 5, http: { paths: null } }, null] } }],
  ])('an Ingress with odd %s has rules all the same', (_, part) => {
    const ingress = project(
      'ingresses',
      { metadata: { name: 'i', namespace: 'shop' }, ...part },
      new Interner(),
    );
    expect(ingress?.rules.every((rule) => Array.isArray(rule.paths))).toBe(true);
  });

  it('keep names of 253 characters, NUL and right-to-left marks as they are', () => {
    for (const name of ['a'.repeat(253), 'a\u0000b', '\u202Egpj.exe']) {
      expect(project('pods', { metadata: { name, namespace: 'x' } }, new Interner())?.name).toBe(name);
    }
  });

  it('read numbers where text is due as their text', () => {
    const service = project(
      'services',
      { metadata: { name: 8080, namespace: 1, labels: { app: 5 } } },
      new Interner(),
    );
    expect(service).toMatchObject({ name: '8080', namespace: '1', labels: { app: '5' } });
  });

  it('keep no reference to the raw object', () => {
    const raw = {
      metadata: { name: 'p', labels: { a: 'b' } },
      spec: { containers: [{ name: 'c', env: [{ name: 'A', value: '1' }] }], rules: [{ host: 'h' }] },
    };
    const seen = new Set<unknown>();
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || seen.has(value)) return;
      seen.add(value);
      for (const member of Object.values(value)) collect(member);
    };
    collect(raw);
    const kept = new Set(seen);
    for (const kind of KINDS) {
      seen.clear();
      collect(project(kind, raw, new Interner()));
      for (const value of seen) expect(kept.has(value)).toBe(false);
    }
  });
});
