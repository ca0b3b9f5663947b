import { describe, expect, it } from 'vitest';
import { Interner } from './interner';
import { project } from './project';

const interner = new Interner();
const metadata = { name: 'p', namespace: 'shop' };
const all = { matchLabels: {}, matchExpressions: [] };

describe('objects of the mesh', () => {
  it('tell modes by port, and take an unknown or absent mode for unset', () => {
    const spec = {
      mtls: { mode: 'MUTUAL' },
      portLevelMtls: { 8080: { mode: 'STRICT' }, http: {}, 9090: null },
    };
    expect(project('peerauthentications', { metadata, spec }, interner)).toMatchObject({
      selector: null,
      mode: 'UNSET',
      ports: [
        { port: 8080, mode: 'STRICT' },
        { port: 9090, mode: 'UNSET' },
      ],
    });
    const chosen = { selector: { matchLabels: { app: 'a' } }, mtls: { mode: 'STRICT' } };
    expect(project('peerauthentications', { metadata, spec: chosen }, interner)).toMatchObject({
      selector: { app: 'a' },
      mode: 'STRICT',
    });
  });

  it('tell whether an AuthorizationPolicy lets all through', () => {
    const of = (spec: unknown) => project('authorizationpolicies', { metadata, spec }, interner);
    expect(of({})).toMatchObject({ action: 'ALLOW', rules: 0, matchesAll: false, targets: [] });
    expect(of({ rules: [{}] })).toMatchObject({ rules: 1, matchesAll: true });
    expect(of({ action: 'DENY', rules: [{ to: [{}] }] })).toMatchObject({
      action: 'DENY',
      matchesAll: false,
    });
    expect(of({ targetRefs: [{ kind: 'Service', name: 's' }] })?.targets).toEqual([
      { kind: 'Service', name: 's' },
    ]);
  });
});

describe('policies of network plugins', () => {
  const cilium = (spec: unknown) => project('ciliumnetworkpolicies', { metadata, spec }, interner)?.rules;

  it('take the source off the labels of a Cilium selector', () => {
    const endpointSelector = {
      matchLabels: { 'k8s:app': 'a', 'any:b': 'c', d: 'e', 'k8s:io.kubernetes.pod.namespace': 'x' },
      matchExpressions: [{ key: 'k8s:f', operator: 'Exists' }],
    };
    expect(cilium({ endpointSelector, ingress: [{}] })).toEqual([
      {
        pods: {
          matchLabels: { app: 'a', b: 'c', d: 'e', 'io.kubernetes.pod.namespace': 'x' },
          matchExpressions: [{ key: 'f', operator: 'Exists', values: [] }],
        },
        ingress: true,
      },
    ]);
  });

  it('leave out nodes and reserved identities, and say where they cannot tell', () => {
    expect(cilium({ nodeSelector: {}, ingress: [{}] })).toEqual([]);
    expect(cilium({ endpointSelector: { matchLabels: { 'reserved:ingress': '' } }, ingress: [{}] })).toEqual(
      [],
    );
    const matchLabels = { 'k8s:io.cilium.k8s.policy.serviceaccount': 'a' };
    expect(cilium({ endpointSelector: { matchLabels } })).toEqual([{ pods: null, ingress: false }]);
    expect(cilium({ endpointSelector: { matchLabels: { 'container:x': 'a' } } })?.[0]?.pods).toBeNull();
  });

  it('know when a Cilium rule keeps anything out', () => {
    const keeps = (rule: object) => cilium({ endpointSelector: {}, ...rule })?.[0]?.ingress;
    const enableDefaultDeny = { ingress: false };
    expect(keeps({ egress: [{}] })).toBe(false);
    expect(keeps({ ingressDeny: [{}], enableDefaultDeny })).toBe(true);
    expect(keeps({ ingress: [{}], enableDefaultDeny })).toBe(false);
    expect(keeps({ ingress: [{ toPorts: [{ rules: { http: [] } }] }], enableDefaultDeny })).toBe(true);
    const specs = [{ endpointSelector: {}, ingress: [{}] }, { endpointSelector: {} }];
    expect(
      project('ciliumclusterwidenetworkpolicies', { metadata, specs }, interner)?.rules.map((r) => r.ingress),
    ).toEqual([true, false]);
  });

  it.each([
    ['', all],
    ['all()', all],
    [
      'app == \'a\' && has(b) && !has( c ) && d != "e"',
      {
        matchLabels: {},
        matchExpressions: [
          { key: 'app', operator: 'In', values: ['a'] },
          { key: 'b', operator: 'Exists', values: [] },
          { key: 'c', operator: 'DoesNotExist', values: [] },
          { key: 'd', operator: 'NotIn', values: ['e'] },
        ],
      },
    ],
    ["app == 'a' || has(b)", null],
    ["app in {'a', 'b'}", null],
    ["app == 'a && b'", null],
    ["projectcalico.org/orchestrator == 'k8s'", null],
    ['has(', null],
  ])('read Calico’s %j as far as labels go', (selector, wanted) => {
    expect(project('caliconetworkpolicies', { metadata, spec: { selector } }, interner)?.pods).toEqual(
      wanted,
    );
  });

  it('default the types of a Calico policy', () => {
    const of = (spec: unknown) =>
      project('calicoglobalnetworkpolicies', { metadata, spec }, interner)?.ingress;
    expect(of({})).toBe(true);
    expect(of({ egress: [{}] })).toBe(false);
    expect(of({ egress: [{}], ingress: [{}] })).toBe(true);
    expect(of({ types: ['Egress'] })).toBe(false);
    const spec = { serviceAccountSelector: "a == 'b'" };
    expect(project('calicoglobalnetworkpolicies', { metadata, spec }, interner)?.pods).toBeNull();
  });

  it('know whom an AdminNetworkPolicy is for, and whether it denies', () => {
    const of = (spec: unknown) => project('adminnetworkpolicies', { metadata, spec }, interner);
    const pods = { namespaceSelector: { matchLabels: { a: 'b' } }, podSelector: { matchLabels: { c: 'd' } } };
    expect(
      of({ subject: { namespaces: {} }, ingress: [{ action: 'Allow' }, { action: 'Deny' }] }),
    ).toMatchObject({
      namespaces: all,
      pods: all,
      ingress: true,
    });
    expect(of({ subject: { pods }, ingress: [{ action: 'Pass' }] })).toMatchObject({
      namespaces: { matchLabels: { a: 'b' } },
      pods: { matchLabels: { c: 'd' } },
      ingress: false,
    });
  });
});
