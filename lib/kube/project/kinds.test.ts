import { describe, expect, it } from 'vitest';
import { Interner } from './interner';
import { project } from './project';

const interner = new Interner();
const metadata = { name: 'n', namespace: 'ns', uid: 'u' };

describe('services', () => {
  it('have no selector when it is absent or empty', () => {
    expect(project('services', { metadata, spec: {} }, interner)?.selector).toBeNull();
    expect(project('services', { metadata, spec: { selector: {} } }, interner)?.selector).toBeNull();
  });

  it('keep the type of a target port and take the port itself where it is absent', () => {
    const ports = [
      { port: 80, targetPort: 'http' },
      { port: 81, targetPort: 8081 },
      { port: 82 },
      { port: 83, targetPort: '8083' },
    ];
    expect(
      project('services', { metadata, spec: { ports } }, interner)?.ports.map((port) => port.targetPort),
    ).toEqual(['http', 8081, 82, '8083']);
  });

  it('tell an address from a hostname and drop empty entries', () => {
    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }, { hostname: 'x.elb' }, {}] } };
    expect(project('services', { metadata, status }, interner)?.addresses).toEqual([
      { ip: '192.0.2.1', hostname: '' },
      { ip: '', hostname: 'x.elb' },
    ]);
  });
});

describe('endpoint slices', () => {
  it('read absent conditions as ready, serving and not terminating', () => {
    const endpoints = [
      { addresses: ['10.0.0.1', '10.0.0.2'], targetRef: { kind: 'Pod', name: 'p' } },
      { addresses: ['10.0.0.3'], conditions: { ready: false, terminating: true } },
      { addresses: [] },
    ];
    expect(project('endpointslices', { metadata, endpoints }, interner)?.endpoints).toEqual([
      { address: '10.0.0.1', ready: true, serving: true, terminating: false, pod: 'p', node: '' },
      { address: '10.0.0.3', ready: false, serving: false, terminating: true, pod: null, node: '' },
    ]);
  });

  it('know their Service by label only', () => {
    const labels = {
      'kubernetes.io/service-name': 'web',
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    };
    expect(project('endpointslices', { metadata: { ...metadata, labels } }, interner)).toMatchObject({
      service: 'web',
      managedBy: 'endpointslice-controller.k8s.io',
    });
    expect(project('endpointslices', { metadata }, interner)?.service).toBe('');
  });
});

describe('ingresses', () => {
  it('keep hosts, paths, ports by number or name, resources, TLS and addresses', () => {
    const spec = {
      ingressClassName: 'nginx',
      defaultBackend: { resource: { apiGroup: 'k8s.example.com', kind: 'StorageBucket', name: 'static' } },
      rules: [
        {
          host: 'a.example',
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { number: 80 } } } },
              { path: '/x', backend: { service: { name: 's', port: { name: 'http' } } } },
            ],
          },
        },
        {},
      ],
      tls: [{ hosts: ['a.example'], secretName: 't' }],
    };
    expect(project('ingresses', { metadata, spec }, interner)).toMatchObject({
      className: 'nginx',
      defaultBackend: { type: 'resource', group: 'k8s.example.com', kind: 'StorageBucket', name: 'static' },
      rules: [
        {
          host: 'a.example',
          paths: [
            { path: '/', pathType: 'Prefix', backend: { type: 'service', name: 's', port: 80 } },
            { backend: { port: 'http' } },
          ],
        },
        { host: '', paths: [] },
      ],
      tls: [{ hosts: ['a.example'], secretName: 't' }],
    });
  });

  it('tell an absent class from an empty one', () => {
    expect(project('ingresses', { metadata, spec: {} }, interner)?.className).toBeNull();
    expect(project('ingresses', { metadata, spec: { ingressClassName: '' } }, interner)?.className).toBe('');
  });
});

describe('workloads', () => {
  it('count a DaemonSet by what is scheduled', () => {
    const status = {
      desiredNumberScheduled: 5,
      numberReady: 4,
      updatedNumberScheduled: 3,
      observedGeneration: 2,
    };
    expect(
      project('daemonsets', { metadata: { ...metadata, generation: 3 }, status }, interner),
    ).toMatchObject({
      kind: 'DaemonSet',
      generation: 3,
      observedGeneration: 2,
      replicas: 5,
      readyReplicas: 4,
      updatedReplicas: 3,
    });
  });

  it('want one replica where the number is absent, and none where it is 0', () => {
    expect(project('deployments', { metadata, spec: {} }, interner)?.replicas).toBe(1);
    expect(project('deployments', { metadata, spec: { replicas: 0 } }, interner)?.replicas).toBe(0);
  });
});

describe('small kinds', () => {
  it('a class is the default by its annotation only', () => {
    const annotations = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
    expect(
      project(
        'ingressclasses',
        { metadata: { name: 'x', annotations }, spec: { controller: 'k8s.io/ingress-nginx' } },
        interner,
      ),
    ).toMatchObject({ namespace: '', controller: 'k8s.io/ingress-nginx', isDefault: true });
  });

  it("a node's heartbeat is no change", () => {
    const node = (at: string) =>
      project(
        'nodes',
        {
          metadata: { name: 'x' },
          status: { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: at }] },
        },
        interner,
      );
    expect(node('2026-01-01T00:00:00Z')).toEqual(node('2026-01-01T00:05:00Z'));
    expect(node('2026-01-01T00:00:00Z')?.ready).toBe(true);
  });

  it('a scaled object names a Deployment unless it says otherwise', () => {
    expect(
      project('scaledobjects', { metadata, spec: { scaleTargetRef: { name: 'w' } } }, interner),
    ).toMatchObject({ target: { kind: 'Deployment', name: 'w' }, minReplicas: 0 });
  });
});
