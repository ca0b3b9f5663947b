/** From a change of an object to the mark that tells it, through the real build. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Atlas } from '@/lib/diagnosis/atlas';
import { factsOf, readFixture } from '@/lib/diagnosis/testing/fixture';
import type { KindName, Kinds } from '@/lib/kube/objects';
import type { Change } from '@/lib/state/change';
import type { TopologyDelta } from '@/lib/topology/model';
import { changeEvents } from './change-events';
import { diffTopologies } from './diff';
import type { ChangeEvent } from './model';
import type { Side } from './scope';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const FIXTURE = readFixture(
  join(import.meta.dirname, '../diagnosis/fixtures/tls-cert-not-yet-valid/trap-clock-skew.yaml'),
);

class Cluster {
  readonly atlas = new Atlas();
  #now = NOW;
  readonly #objects = new Map(FIXTURE.objects.map((change) => [`${change.kind} ${change.key}`, change]));

  constructor() {
    this.atlas.change(FIXTURE.objects.map((change): Change => ({ type: 'object', change })));
    this.atlas.change(factsOf(FIXTURE.expect));
    this.publish();
  }

  publish(): TopologyDelta {
    this.#now += 60_000;
    while (!this.atlas.run(this.#now, 1000));
    return this.atlas.publish(this.#now);
  }

  get side(): Side {
    const { nodes, edges, findings } = this.atlas.graph;
    return {
      takenAt: new Date(this.#now).toISOString(),
      nodes: [...nodes.values()],
      edges: [...edges.values()],
      findings: [...findings.values()],
    };
  }

  /** Changes an object as `kubectl` would, and tells the events of it. */
  edit<K extends KindName>(
    kind: K,
    key: string,
    change: (object: Kinds[K]) => Partial<Kinds[K]>,
    manager: string | null = 'kubectl-edit',
  ): readonly ChangeEvent[] {
    const object = this.#objects.get(`${kind} ${key}`)?.object as Kinds[K];
    const edited = manager === null ? {} : { edited: { manager, operation: 'Update', at: this.#now + 1000 } };
    return this.set(kind, key, { ...object, ...change(object), ...edited });
  }

  set<K extends KindName>(kind: K, key: string, object: Kinds[K] | null): readonly ChangeEvent[] {
    const changed = { kind, key, object } as (typeof FIXTURE.objects)[number];
    this.#objects.set(`${kind} ${key}`, changed);
    this.atlas.change([{ type: 'object', change: changed }]);
    const delta = this.publish();
    return changeEvents((id) => this.atlas.before.nodes.get(id), delta);
  }
}

const words = (events: readonly ChangeEvent[]) =>
  events.map(({ kind, object, title, who }) => [kind, object, title, who?.manager ?? null]);

describe('marks of the timeline', () => {
  test('a new image is a deploy, told once with who did it', () => {
    const cluster = new Cluster();
    const events = cluster.edit('deployments', 'shop/wear', ({ containers, generation }) => ({
      generation: generation + 1,
      containers: containers.map((container) => ({ ...container, image: 'wear:2' })),
    }));
    expect(words(events)).toEqual([
      ['deploy', 'Deployment shop/wear', 'image wear: wear:1 → wear:2', 'kubectl-edit'],
    ]);
    expect(events[0]?.nodes).toEqual(['service:shop/wear']);
  });

  test('replicas are their own, and a template that changed in what is not kept is a deploy', () => {
    const cluster = new Cluster();
    expect(
      words(cluster.edit('deployments', 'shop/wear', () => ({ replicas: 0, generation: 2 }), 'hpa')),
    ).toEqual([['replicas', 'Deployment shop/wear', 'replicas: 2 → 0', 'hpa']]);
    expect(words(cluster.edit('deployments', 'shop/wear', () => ({ generation: 3 })))).toEqual([
      [
        'deploy',
        'Deployment shop/wear',
        'edited: the difference is in no field that is shown here',
        'kubectl-edit',
      ],
    ]);
  });

  test('what only its status tells is no event', () => {
    const cluster = new Cluster();
    expect(
      cluster.edit('deployments', 'shop/wear', () => ({ readyReplicas: 0, updatedReplicas: 1 }), null),
    ).toEqual([]);
    const gone = cluster.set('endpointslices', 'shop/wear-abc', null);
    expect(gone).toEqual([]);
  });

  test('an Ingress: its backend, an annotation, a path, and its end', () => {
    const cluster = new Cluster();
    const name = 'nginx.ingress.kubernetes.io/rewrite-target';
    expect(
      words(cluster.edit('ingresses', 'shop/store', () => ({ annotations: { [name]: '/$2' } }))),
    ).toEqual([['configuration', 'Ingress shop/store', `annotations.${name}: added, /$2`, 'kubectl-edit']]);
    const moved = cluster.edit('ingresses', 'shop/store', ({ rules }) => ({
      rules: rules.map((rule) => ({
        ...rule,
        paths: rule.paths.map((path) => ({ ...path, path: '/wears', pathType: 'Exact' })),
      })),
    }));
    expect(moved).toHaveLength(1);
    expect(moved[0]?.fields.map(({ path }) => path)).toEqual(['path', 'pathType']);
    expect(moved[0]?.who?.manager).toBe('kubectl-edit');
    const [gone] = cluster.set('ingresses', 'shop/store', null);
    expect(gone).toMatchObject({ object: 'Ingress shop/store', who: null });
    expect(gone?.fields).toEqual([{ path: 'rule www.example.com/wears', before: 'wear:80', after: null }]);
  });

  test('a Service that is deleted and comes again', () => {
    const cluster = new Cluster();
    const service = FIXTURE.objects.find(({ kind, key }) => kind === 'services' && key === 'shop/wear');
    expect(words(cluster.set('services', 'shop/wear', null))).toEqual([
      ['configuration', 'Service shop/wear', 'deleted', null],
    ]);
    expect(words(cluster.set('services', 'shop/wear', service?.object as Kinds['services']))).toEqual([
      ['configuration', 'Service shop/wear', 'created', null],
    ]);
  });

  test('a certificate that was renewed, told of its Secret and by whom', () => {
    const cluster = new Cluster();
    const events = cluster.edit(
      'secrets',
      'shop/www-tls',
      ({ certificate }) => ({
        certificate: certificate && { ...certificate, notAfter: certificate.notAfter + 90 * 86_400_000 },
      }),
      'cert-manager',
    );
    expect(
      events.map(({ kind, object, fields, who }) => [kind, object, fields[0]?.path, who?.manager]),
    ).toEqual([['configuration', 'Secret shop/www-tls', 'tls.notAfter', 'cert-manager']]);
    expect(
      words(cluster.edit('secrets', 'shop/www-tls', () => ({ certificate: null, edited: null }), null)),
    ).toEqual([]);
  });

  test('a controller’s ConfigMap', () => {
    const cluster = new Cluster();
    const events = cluster.edit('configmaps', 'ingress-nginx/ingress-nginx-controller', () => ({
      data: { 'enable-modsecurity': 'true', 'use-proxy-protocol': 'true' },
    }));
    expect(events.map(({ kind, object, who }) => [kind, object, who?.manager])).toEqual([
      ['configuration', 'ConfigMap ingress-nginx/ingress-nginx-controller', 'kubectl-edit'],
    ]);
    expect(events[0]?.title).toContain('use-proxy-protocol');
  });
});

test('what changed in between names who edited the workload', () => {
  const cluster = new Cluster();
  const before = cluster.side;
  cluster.edit('deployments', 'shop/wear', () => ({ replicas: 0, generation: 2 }), 'kubectl-scale');
  const { nodes } = diffTopologies(before, cluster.side);
  const service = nodes.find(({ id }) => id === 'service:shop/wear');
  expect(service?.fields).toContainEqual({
    path: 'workloads.Deployment/wear.replicas',
    before: 2,
    after: 0,
  });
  expect(service?.who).toMatchObject({ manager: 'kubectl-scale', object: 'Deployment shop/wear' });
});
