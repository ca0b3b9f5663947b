import { describe, expect, it } from 'vitest';
import { Interner } from './interner';
import { project } from './project';

const interner = new Interner();
const metadata = { name: 'n', namespace: 'ns', uid: 'u' };

describe('network policies', () => {
  const policy = (spec: object) => project('networkpolicies', { metadata, spec }, interner);

  it('isolate ingress where no type is named, and egress then only with egress rules', () => {
    expect(policy({})).toMatchObject({ isolatesIngress: true, isolatesEgress: false });
    expect(policy({ egress: [{}] })).toMatchObject({ isolatesIngress: true, isolatesEgress: true });
    expect(policy({ policyTypes: ['Egress'] })).toMatchObject({
      isolatesIngress: false,
      isolatesEgress: true,
    });
    expect(policy({ policyTypes: ['Ingress'], egress: [{}] })).toMatchObject({ isolatesEgress: false });
  });

  it('tell an absent selector from an empty one, and a port name from a number', () => {
    const [rule] =
      policy({
        ingress: [
          {
            from: [
              { podSelector: {} },
              { namespaceSelector: { matchLabels: { team: 'a' } } },
              { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
            ],
            ports: [{ port: 'http' }, { port: 8080, endPort: 8090, protocol: 'UDP' }, {}],
          },
        ],
      })?.ingress ?? [];
    expect(rule?.peers).toMatchObject([
      { podSelector: { matchLabels: {} }, namespaceSelector: null, ipBlock: null },
      { podSelector: null, namespaceSelector: { matchLabels: { team: 'a' } } },
      { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
    ]);
    expect(rule?.ports).toEqual([
      { protocol: 'TCP', port: 'http', endPort: null },
      { protocol: 'UDP', port: 8080, endPort: 8090 },
      { protocol: 'TCP', port: null, endPort: null },
    ]);
  });
});

describe('rights', () => {
  it('keep the core group, which is an empty text', () => {
    const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'], resourceNames: ['a'] }];
    expect(project('clusterroles', { metadata: { name: 'r' }, rules }, interner)?.grants).toEqual([
      { groups: [''], resources: ['secrets'], verbs: ['list'], names: ['a'] },
    ]);
  });

  it('name whom they are given to', () => {
    const raw = {
      metadata,
      roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'ns', name: 'sa' }, null],
    };
    expect(project('rolebindings', raw, interner)).toMatchObject({
      role: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [
        { kind: 'ServiceAccount', namespace: 'ns', name: 'sa' },
        { kind: '', namespace: '', name: '' },
      ],
    });
  });
});

describe('events', () => {
  it('count their series and take its last time', () => {
    const raw = {
      metadata,
      involvedObject: { kind: 'Service', namespace: 'ns', name: 'lb', uid: 'x' },
      reason: 'SyncLoadBalancerFailed',
      message: 'm'.repeat(1000),
      count: 2,
      series: { count: 7, lastObservedTime: '2026-01-01T12:00:00.000000Z' },
      firstTimestamp: null,
      eventTime: '2026-01-01T11:00:00Z',
      reportingComponent: 'service-controller',
    };
    expect(project('events', raw, interner)).toMatchObject({
      involved: { kind: 'Service', namespace: 'ns', name: 'lb', uid: 'x' },
      message: 'm'.repeat(300),
      count: 7,
      first: Date.UTC(2026, 0, 1, 11),
      last: Date.UTC(2026, 0, 1, 12),
      source: 'service-controller',
    });
  });
});

describe('who edited', () => {
  const managedFields = [
    { manager: 'helm', operation: 'Update', time: '2026-01-01T10:00:00Z', fieldsV1: { 'f:spec': {} } },
    { manager: 'kubectl-edit', operation: 'Update', time: '2026-01-01T11:00:00Z' },
    { manager: 'nginx', operation: 'Update', time: '2026-01-01T12:00:00Z', subresource: 'status' },
    null,
  ];

  it('is the last who changed more than the status, without the fields', () => {
    const raw = { metadata: { ...metadata, managedFields } };
    for (const kind of ['ingresses', 'services', 'deployments', 'configmaps'] as const)
      expect(project(kind, raw, interner)?.edited).toEqual({
        manager: 'kubectl-edit',
        operation: 'Update',
        at: Date.UTC(2026, 0, 1, 11),
      });
    expect(project('ingresses', { metadata }, interner)?.edited).toBeNull();
  });
});

describe('config maps', () => {
  it('are kept without what is named like a credential, or stands in a snippet', () => {
    const data = {
      'ssl-protocols': 'TLSv1.3',
      'auth-token': 'CANARY-1',
      'location-snippet': 'proxy_set_header Authorization "Basic CANARY-2";',
      number: 7,
    };
    const found = project('configmaps', { metadata, data }, interner)?.data;
    expect(found).toMatchObject({ 'ssl-protocols': 'TLSv1.3', number: '7' });
    expect(JSON.stringify(found)).not.toContain('CANARY');
  });
});

describe('webhooks and budgets', () => {
  it('call a Service on 443 unless told otherwise, and fail closed by default', () => {
    const raw = {
      metadata: { name: 'w' },
      webhooks: [
        {
          name: 'validate.nginx.ingress.kubernetes.io',
          clientConfig: { service: { namespace: 'ns', name: 'admission' }, caBundle: 'AA==' },
          rules: [{ apiGroups: ['networking.k8s.io'], resources: ['ingresses'] }],
        },
        { clientConfig: { url: 'https://example.com' }, failurePolicy: 'Ignore' },
      ],
    };
    expect(project('validatingwebhookconfigurations', raw, interner)?.hooks).toEqual([
      {
        name: 'validate.nginx.ingress.kubernetes.io',
        failurePolicy: 'Fail',
        service: { namespace: 'ns', name: 'admission', port: 443 },
        hasCaBundle: true,
        resources: ['networking.k8s.io/ingresses'],
      },
      { name: '', failurePolicy: 'Ignore', service: null, hasCaBundle: false, resources: [] },
    ]);
  });

  it('tell percentages and numbers as written', () => {
    const spec = { maxUnavailable: '50%', minAvailable: 1, selector: { matchLabels: { app: 'a' } } };
    expect(project('poddisruptionbudgets', { metadata, spec }, interner)).toMatchObject({
      maxUnavailable: '50%',
      minAvailable: '1',
      selector: { matchLabels: { app: 'a' } },
    });
  });
});

describe('workloads', () => {
  it('tell limits, security and what they cannot start without', () => {
    const spec = {
      template: {
        spec: {
          securityContext: { runAsNonRoot: true },
          volumes: [{ configMap: { name: 'conf' } }, { configMap: { name: 'maybe', optional: true } }],
          topologySpreadConstraints: [{}],
          containers: [
            {
              name: 'c',
              resources: { requests: { cpu: '1', memory: '1Gi', 'x/gpu': 1 }, limits: { memory: '1Gi' } },
              readinessProbe: { httpGet: { port: 'http' } },
              envFrom: [{ configMapRef: { name: 'env' } }],
              securityContext: { capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] } },
            },
          ],
        },
      },
    };
    const found = project('deployments', { metadata, spec }, interner);
    expect(found).toMatchObject({ spreads: true, configMaps: ['conf', 'env'] });
    expect(found?.containers[0]).toMatchObject({
      requests: ['cpu', 'memory'],
      limits: ['memory'],
      readinessPort: 'http',
      hasLivenessProbe: false,
      security: { runAsNonRoot: true, privileged: false, droppedCapabilities: ['ALL'] },
    });
  });
});

describe('certificates', () => {
  it('name an Issuer of cert-manager unless told otherwise', () => {
    const spec = { secretName: 's', dnsNames: ['a', 'b'], issuerRef: { name: 'le' } };
    expect(project('certificates', { metadata, spec }, interner)).toMatchObject({
      issuer: { group: 'cert-manager.io', kind: 'Issuer', name: 'le' },
      dnsNames: ['a', 'b'],
      renewalTime: null,
    });
  });

  it('drop the key and token of a challenge', () => {
    const spec = { dnsName: 'a', type: 'HTTP-01', token: 'CANARY', key: 'CANARY' };
    const found = project('challenges', { metadata, spec, status: { state: 'pending' } }, interner);
    expect(found).toMatchObject({ dnsName: 'a', type: 'HTTP-01', state: 'pending' });
    expect(JSON.stringify(found)).not.toContain('CANARY');
  });
});
