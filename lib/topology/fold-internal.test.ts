import { describe, expect, test } from 'vitest';
import { edgeId, podId, serviceId } from './ids';
import type { Internal } from './internal';
import type { Status, TopologyEdge, TopologyNode } from './model';
import { RandomCluster } from './testing/random-cluster';
import { type Drawn, indexed, viewOf } from './view';
import { NO_FILTERS, type ViewFilters } from './view-filters';

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);
const STATUSES: readonly Status[] = ['ok', 'ok', 'ok', 'broken', 'pending'];

function nodeOf(id: string, kind: 'service' | 'pod', namespace: string, status: Status): TopologyNode {
  const name = id.slice(id.lastIndexOf('/') + 1);
  const labels = { tier: namespace };
  return { id, kind, name, namespace, status, findings: [], detail: { internal: true, labels } };
}

function backs(source: string, target: string): TopologyEdge {
  const basis = 'observed' as const;
  const id = edgeId('backs', source, target, 80);
  return { id, source, target, kind: 'backs', port: 80, status: 'ok', basis, label: '', findings: [] };
}

/** Services with up to five pods, some of them shared or reached by an entry, and pods without Service. */
function randomInternal(cluster: RandomCluster, namespaces: number): Internal {
  const nodes = new Map<string, TopologyNode>();
  const edges: TopologyEdge[] = [];
  const reached = [...cluster.graph.nodes.values()].filter((node) => node.kind === 'pod');
  for (let i = 0; i < 10 + cluster.below(20); i++) {
    const ns = `n${cluster.below(namespaces)}`;
    const service = serviceId(ns, `db${i}`);
    nodes.set(service, nodeOf(service, 'service', ns, 'ok'));
    for (let k = cluster.below(5); k > 0; k--) {
      const pod = podId(ns, `p${cluster.below(40)}`);
      nodes.set(pod, nodeOf(pod, 'pod', ns, cluster.pick(STATUSES)));
      edges.push(backs(service, pod));
    }
    if (reached.length > 0 && cluster.below(4) === 0) edges.push(backs(service, cluster.pick(reached).id));
    const lone = podId(ns, `job${i}`);
    nodes.set(lone, nodeOf(lone, 'pod', ns, cluster.pick(STATUSES)));
  }
  return { nodes: [...nodes.values()], edges, wakeAt: null };
}

function sourceOf(cluster: RandomCluster, internal: Internal) {
  return {
    ...indexed(cluster.graph),
    // biome-ignore lint/correctness/useYield: nothing to wait for
    *internal() {
      return internal;
    },
  };
}

const isInternal = (node: TopologyNode) => node.detail.internal === true;

/** Internal nodes by kind, those that groups count included. */
function countsOf(drawn: Drawn, internal: Internal): Record<string, number> {
  const services = new Set(internal.nodes.filter(({ kind }) => kind === 'service').map(({ id }) => id));
  const counts = { service: 0, pod: 0 };
  for (const node of drawn.nodes.values()) {
    const detail = node.detail as {
      folds?: string;
      of?: string;
      count?: number;
      members?: Record<string, number>;
    };
    if (detail.folds === 'internal') {
      counts.service += detail.members?.service ?? 0;
      counts.pod += detail.members?.pod ?? 0;
      expect((detail.members?.service ?? 0) + (detail.members?.pod ?? 0)).toBe(detail.count);
    } else if (detail.folds === 'pods' && services.has(detail.of ?? '')) counts.pod += detail.count ?? 0;
    else if (isInternal(node)) counts[node.kind as 'service' | 'pod']++;
  }
  return counts;
}

const all = (more: Partial<ViewFilters> = {}): ViewFilters => ({ ...NO_FILTERS, scope: 'all', ...more });

describe('a view with scope=all', () => {
  test.each(SEEDS)(
    'is its usual part and the internal part, with edges between the two (seed %i)',
    (seed) => {
      const cluster = new RandomCluster(seed + 700);
      cluster.step(40);
      const internal = randomInternal(cluster, 3);
      const source = sourceOf(cluster, internal);
      const usual = viewOf(source, NO_FILTERS);
      const drawn = viewOf(source, all());
      expect(drawn.nodes.size).toBe(usual.nodes.size + internal.nodes.length);
      expect(drawn.edges.size).toBe(usual.edges.size + new Set(internal.edges.map(({ id }) => id)).size);
      expect([...drawn.findings]).toEqual([...usual.findings]);
    },
  );

  test.each(SEEDS)(
    'within a budget drops nothing: all is drawn or counted in one group (seed %i)',
    (seed) => {
      const cluster = new RandomCluster(seed + 800);
      cluster.step(40);
      const internal = randomInternal(cluster, 1 + cluster.below(8));
      const source = sourceOf(cluster, internal);
      const whole = countsOf(viewOf(source, all()), internal);
      const size = viewOf(source, all()).nodes.size;
      for (let i = 0; i < 15; i++) {
        const budget = 1 + cluster.below(size + 5);
        const expand = cluster.pick([[], ['group:internal/n0'], ['group:internal/*']]);
        const drawn = viewOf(source, all({ budget, expand }));
        expect(countsOf(drawn, internal)).toEqual(whole);
        if (budget >= size) expect(drawn.nodes.size).toBe(size);
        for (const edge of drawn.edges.values())
          expect(drawn.nodes.has(edge.source) && drawn.nodes.has(edge.target)).toBe(true);
        const usual = [...drawn.nodes.values()].filter((node) => !isInternal(node)).length;
        const others = drawn.nodes.size - usual;
        if (expand.length === 0 && usual < budget) expect(others).toBeLessThanOrEqual(budget);
      }
    },
  );

  test('shows the worst first, and a folded namespace again when it is expanded', () => {
    const cluster = new RandomCluster(1);
    const bad = nodeOf(podId('n1', 'bad'), 'pod', 'n1', 'broken');
    const fine = Array.from({ length: 20 }, (_, i) => nodeOf(podId('n1', `ok${i}`), 'pod', 'n1', 'ok'));
    const source = sourceOf(cluster, { nodes: [...fine, bad], edges: [], wakeAt: null });
    const folded = viewOf(source, all({ budget: 12 }));
    expect(folded.nodes.has(bad.id)).toBe(true);
    expect(folded.nodes.size).toBeLessThanOrEqual(12);
    const group = folded.nodes.get('group:internal/n1');
    expect(group).toMatchObject({ kind: 'group', name: 'n1', namespace: 'n1', status: 'ok' });
    const open = viewOf(source, all({ budget: 12, expand: ['group:internal/n1'] }));
    for (const pod of fine) expect(open.nodes.has(pod.id)).toBe(true);
  });

  test('a pod that an entry reaches is linked where it is drawn: as itself, or in its group', () => {
    const cluster = new RandomCluster(3, { healthy: true });
    cluster.step(120);
    const { graph } = cluster;
    const edge = [...graph.edges.values()].find(
      ({ kind, source, target }) =>
        kind === 'backs' && target.startsWith('pod:') && [...graph.out(source)].length > 2,
    );
    if (!edge) throw new Error('no Service with pods');
    const twin = nodeOf(serviceId('x', 'twin'), 'service', 'x', 'ok');
    const source = sourceOf(cluster, { nodes: [twin], edges: [backs(twin.id, edge.target)], wakeAt: null });
    const targets = (drawn: Drawn) =>
      [...drawn.edges.values()].filter(({ source }) => source === twin.id).map(({ target }) => target);
    expect(targets(viewOf(source, all()))).toEqual([edge.target]);
    const folded = viewOf(source, all({ budget: viewOf(source, all()).nodes.size - 1 }));
    for (const target of targets(folded)) expect(folded.nodes.has(target)).toBe(true);
  });
});

describe('filters narrow the internal part', () => {
  const mysql = nodeOf(serviceId('data', 'mysql'), 'service', 'data', 'ok');
  const first = nodeOf(podId('data', 'mysql-0'), 'pod', 'data', 'ok');
  const second = nodeOf(podId('data', 'mysql-1'), 'pod', 'data', 'broken');
  const job = nodeOf(podId('jobs', 'backup'), 'pod', 'jobs', 'ok');
  const edges = [backs(mysql.id, first.id), backs(mysql.id, second.id)];
  const source = sourceOf(new RandomCluster(1), { nodes: [mysql, first, second, job], edges, wakeAt: null });
  const shown = (filters: Partial<ViewFilters>) =>
    [...viewOf(source, all(filters)).nodes.values()].filter(isInternal).map(({ name }) => name);

  test.each([
    [{}, ['mysql', 'mysql-0', 'mysql-1', 'backup']],
    [{ namespace: ['data'] }, ['mysql', 'mysql-0', 'mysql-1']],
    [{ namespace: ['none'] }, []],
    [{ service: ['data/mysql'] }, ['mysql', 'mysql-0', 'mysql-1']],
    [{ service: ['other'] }, []],
    [{ status: ['broken'] }, ['mysql', 'mysql-1']],
    [{ status: ['ok'] }, ['mysql', 'mysql-0', 'backup']],
    [{ q: 'MySQL' }, ['mysql', 'mysql-0', 'mysql-1']],
    [{ q: 'mysql-1' }, ['mysql', 'mysql-1']],
    [{ q: 'tier=jobs' }, ['backup']],
    [{ q: 'mysql', status: ['broken'] }, ['mysql', 'mysql-1']],
    [{ focus: mysql.id }, ['mysql', 'mysql-0', 'mysql-1']],
    [{ focus: second.id }, ['mysql', 'mysql-1']],
    [{ focus: 'host:www.example.com' }, []],
    [{ host: ['www.example.com'] }, []],
    [{ class: ['nginx'] }, []],
    [{ controller: ['nginx'] }, []],
  ] satisfies readonly (readonly [Partial<ViewFilters>, readonly string[]])[])('%j', (filters, names) => {
    expect(shown(filters)).toEqual(names);
  });

  test('without scope=all there is nothing of it', () => {
    expect([...viewOf(source, NO_FILTERS).nodes.values()].filter(isInternal)).toEqual([]);
  });
});
