import { describe, expect, it } from 'vitest';
import { Atlas } from './atlas';
import { toObject } from './testing/fixture';

const CONTROLLER = {
  kind: 'Deployment',
  metadata: { name: 'nginx', namespace: 'ingress' },
  spec: {
    selector: { matchLabels: { app: 'nginx' } },
    template: {
      metadata: { labels: { app: 'nginx' } },
      spec: {
        containers: [
          {
            name: 'controller',
            image: 'registry.k8s.io/ingress-nginx/controller:v1.15.1',
            args: [
              '/nginx-ingress-controller',
              '--configmap=$(POD_NAMESPACE)/settings',
              '--tcp-services-configmap=ingress/tcp',
              '--udp-services-configmap=$(ELSEWHERE)',
              '--default-ssl-certificate=ingress/wildcard',
            ],
            env: [{ name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }],
          },
        ],
      },
    },
  },
};
const pod = (namespace: string, name: string, app: string, crashing = false) => ({
  kind: 'Pod',
  metadata: { name, namespace, labels: { app } },
  spec: { containers: [{ name: 'main', image: 'x' }] },
  status: {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'main',
        ready: !crashing,
        restartCount: crashing ? 9 : 0,
        state: crashing ? { waiting: { reason: 'CrashLoopBackOff' } } : { running: {} },
      },
    ],
  },
});
const SERVICE = {
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
};
const INGRESS = {
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
};

function atlasOf(...docs: object[]): Atlas {
  const atlas = new Atlas();
  change(atlas, ...docs);
  return atlas;
}

function change(atlas: Atlas, ...docs: object[]): void {
  atlas.change(docs.map((doc) => ({ type: 'object', change: toObject('test', doc) })));
  while (!atlas.run(0));
}

const ID = 'controller:workload/Deployment/ingress/nginx';

describe('what is asked for by name, and whose logs', () => {
  it('ConfigMaps and the default certificate that arguments name, as far as they can be read', () => {
    const { configmaps, secrets } = atlasOf(CONTROLLER).wanted();
    expect([...configmaps].sort()).toEqual(['ingress/settings', 'ingress/tcp']);
    expect([...secrets]).toEqual(['ingress/wildcard']);
  });

  it('logs of at most three running pods of a controller', () => {
    const pods = ['a', 'b', 'c', 'd'].map((name) => pod('ingress', name, 'nginx'));
    const atlas = atlasOf(CONTROLLER, ...pods, pod('ingress', 'other', 'other'));
    const log = atlas.wanted().logs.get(ID);
    expect(log?.type).toBe('ingress-nginx');
    expect(log?.targets.map((target) => `${target.pod}/${target.container}`)).toEqual([
      'a/controller',
      'b/controller',
      'c/controller',
    ]);
  });

  it('last lines of crashing pods behind a rule or of a controller, of twenty at most', () => {
    const many = Array.from({ length: 30 }, (_, i) => pod('shop', `web-${i}`, 'web', true));
    const atlas = atlasOf(SERVICE, INGRESS, ...many, pod('shop', 'lonely', 'lonely', true));
    expect(atlas.wanted().crashes.size).toBe(20);
    expect(atlas.wanted().crashes.has('shop/lonely')).toBe(false);
    const own = atlasOf(CONTROLLER, pod('ingress', 'a', 'nginx', true));
    expect([...own.wanted().crashes.keys()]).toEqual(['ingress/a']);
  });

  it('is the same object until something concerns it', () => {
    const atlas = atlasOf(CONTROLLER, SERVICE, INGRESS, pod('shop', 'web-1', 'web'));
    const before = atlas.wanted();
    change(atlas, pod('shop', 'web-2', 'web'));
    expect(atlas.wanted()).toBe(before);
    change(atlas, pod('shop', 'web-2', 'web', true));
    expect([...atlas.wanted().crashes.keys()]).toEqual(['shop/web-2']);
    change(atlas, pod('shop', 'web-2', 'web'));
    expect(atlas.wanted().crashes.size).toBe(0);
    change(atlas, pod('ingress', 'a', 'nginx'));
    expect(atlas.wanted().logs.size).toBe(1);
  });
});
