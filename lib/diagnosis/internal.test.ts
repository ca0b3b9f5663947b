import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Pod } from '@/lib/kube/objects';
import type { Change } from '@/lib/state/change';
import { podId, serviceId } from '@/lib/topology/ids';
import type { Internal } from '@/lib/topology/internal';
import { drain } from '@/lib/topology/slices';
import { Atlas } from './atlas';
import { factsOf, readFixture } from './testing/fixture';
import { RandomCluster } from './testing/random-cluster';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const FIXTURE = readFixture(join(import.meta.dirname, 'fixtures/base/internal.yaml'));

function atlasOf(changes: readonly Change[] = []): Atlas {
  const atlas = new Atlas();
  atlas.change(FIXTURE.objects.map((change): Change => ({ type: 'object', change })));
  atlas.change([...factsOf(FIXTURE.expect), ...changes]);
  atlas.run(NOW);
  atlas.publish(NOW);
  return atlas;
}

const internalOf = (atlas: Atlas, now = NOW): Internal => drain(atlas.internal(now));
const ids = (internal: Internal) => internal.nodes.map((node) => node.id).sort();

function reasonOf(internal: Internal, id: string): unknown {
  return internal.nodes.find((node) => node.id === id)?.detail.internalReason;
}

describe('the internal part', () => {
  const atlas = atlasOf();
  const internal = internalOf(atlas);
  const find = (id: string) => internal.nodes.find((node) => node.id === id);

  it('is what no entry reaches, and what the summary counts', () => {
    expect(ids(internal)).toEqual([
      podId('data', 'backup-1'),
      podId('data', 'backup-2'),
      podId('data', 'mysql-0'),
      podId('data', 'mysql-1'),
      podId('ingress-nginx', 'ing-7c9-1'),
      serviceId('data', 'mysql'),
      serviceId('ingress-nginx', 'ingress-nginx-controller'),
      serviceId('ingress-nginx', 'ingress-nginx-controller-admission'),
      serviceId('shop', 'billing'),
      serviceId('shop', 'wear-peers'),
    ]);
    expect(atlas.summary.outOfScope).toEqual({ services: 5, pods: 5 });
  });

  it('says why nothing leads there', () => {
    expect(find(serviceId('data', 'mysql'))).toMatchObject({
      status: 'ok',
      ref: { kind: 'Service', uid: 'uid-Service-data-mysql' },
      detail: {
        internal: true,
        reason: 'internal only: ClusterIP, no rule, no load balancer',
        ready: 1,
        total: 2,
        labels: { team: 'storage' },
      },
    });
    const controller = 'belongs to controller ingress-nginx-controller';
    const expected: Readonly<Record<string, string>> = {
      [serviceId('shop', 'wear-peers')]: 'internal only: headless, no rule, no load balancer',
      [serviceId('shop', 'billing')]:
        'internal only: ExternalName for billing.example.net, no rule, no load balancer',
      [serviceId('ingress-nginx', 'ingress-nginx-controller')]: `${controller}: drawn as its load balancer`,
      [serviceId('ingress-nginx', 'ingress-nginx-controller-admission')]:
        `${controller}: internal only, no rule, no load balancer`,
      [podId('ingress-nginx', 'ing-7c9-1')]: controller,
      [podId('data', 'mysql-0')]:
        'internal only: behind Service mysql, which no rule and no load balancer leads to',
      [podId('data', 'backup-1')]: 'internal only: no rule and no load balancer leads here',
    };
    for (const [id, reason] of Object.entries(expected)) expect(reasonOf(internal, id)).toBe(reason);
  });

  it('judges pods as anywhere, at the present time', () => {
    expect(find(podId('data', 'mysql-1'))).toMatchObject({
      status: 'broken',
      detail: { reason: 'CrashLoopBackOff', restarts: 7, ready: false, image: 'mysql:8.4' },
    });
    expect(find(podId('data', 'backup-1'))?.status).toBe('ok');
    expect(find(podId('data', 'backup-2'))?.status).toBe('pending');
    expect(internal.wakeAt).toBe(Date.parse('2026-01-01T12:01:00Z'));
    const later = internalOf(atlas, internal.wakeAt ?? 0);
    expect(later.nodes.find(({ id }) => id === podId('data', 'backup-2'))?.status).toBe('broken');
    expect(later.wakeAt).toBeNull();
  });

  it('links Services through all their slices, also to pods that an entry reaches', () => {
    const links = internal.edges
      .filter((edge) => !edge.source.startsWith('service:ingress-nginx/'))
      .map((edge) => [edge.source, edge.target, edge.port, edge.status, edge.label]);
    expect(links).toEqual([
      [serviceId('data', 'mysql'), podId('data', 'mysql-0'), 3306, 'ok', '→ 3306'],
      [serviceId('data', 'mysql'), podId('data', 'mysql-1'), 3306, 'broken', '→ 3306'],
      [serviceId('shop', 'wear-peers'), podId('shop', 'wear-5d8-a'), 80, 'ok', '→ 8080'],
    ]);
  });

  it('does not call a Service well whose endpoints may not be seen', () => {
    const blind = atlasOf([
      { type: 'coverage', coverage: { resource: 'endpointslices', state: 'forbidden', reason: 'no' } },
    ]);
    const mysql = internalOf(blind).nodes.find(({ id }) => id === serviceId('data', 'mysql'));
    expect(mysql?.status).toBe('unknown');
  });

  it('lets others run in between', () => {
    const pod = FIXTURE.objects.find((change) => change.key === 'data/mysql-0')?.object as Pod;
    const many = Array.from({ length: 5000 }, (_, i): Change => {
      const name = `p${i}`;
      return { type: 'object', change: { kind: 'pods', key: `data/${name}`, object: { ...pod, name } } };
    });
    const work = atlasOf(many).internal(NOW);
    let turns = 0;
    while (!work.next().done) turns++;
    expect(turns).toBeGreaterThan(15);
  });

  it.each(Array.from({ length: 20 }, (_, i) => i + 1))(
    'has exactly what the summary counts as out of scope (seed %i)',
    (seed) => {
      const cluster = new RandomCluster(seed + 5000);
      const random = new Atlas();
      for (let step = 0; step < 40; step++) {
        random.change(Array.from({ length: 4 }, () => cluster.next()));
        random.run(cluster.now);
        random.publish(cluster.now);
        const { nodes, edges } = internalOf(random, cluster.now);
        const count = (kind: string) => nodes.filter((node) => node.kind === kind).length;
        expect({ services: count('service'), pods: count('pod') }).toEqual(random.summary.outOfScope);
        const all = new Set([...random.graph.nodes.keys(), ...nodes.map(({ id }) => id)]);
        expect(all.size).toBe(random.graph.nodes.size + nodes.length);
        for (const edge of edges) expect(all.has(edge.source) && all.has(edge.target)).toBe(true);
      }
    },
  );
});
