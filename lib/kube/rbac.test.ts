import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { rbacFix } from './rbac';

describe('RBAC fix', () => {
  it('is a ClusterRole when the whole cluster is watched', () => {
    expect(parse(rbacFix({ resource: 'endpointslices', namespaces: [] }))).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'ingress-atlas-endpointslices' },
      rules: [
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
      ],
    });
  });

  it('is one Role for each namespace when limited to some', () => {
    const roles = parseAllDocuments(rbacFix({ resource: 'pods', namespaces: ['shop', 'no'] })).map((d) =>
      d.toJS(),
    );
    expect(roles.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['Role', 'shop'],
      ['Role', 'no'],
    ]);
  });

  it('stays a ClusterRole for what has no namespace', () => {
    expect(parse(rbacFix({ resource: 'nodes', namespaces: ['shop'] })).kind).toBe('ClusterRole');
  });

  it('keeps Calico’s policies apart from those of Kubernetes', () => {
    const role = parse(rbacFix({ resource: 'caliconetworkpolicies', namespaces: [] }));
    expect(role.metadata.name).toBe('ingress-atlas-caliconetworkpolicies');
    expect(role.rules[0]).toMatchObject({
      apiGroups: ['crd.projectcalico.org'],
      resources: ['networkpolicies'],
    });
  });

  it('asks for get alone where Secrets are read by name', () => {
    expect(parse(rbacFix({ resource: 'secrets', namespaces: [], byName: true })).rules[0].verbs).toEqual([
      'get',
    ]);
    expect(parse(rbacFix({ resource: 'configmaps', namespaces: [] })).rules[0].verbs).toEqual(['get']);
  });
});
