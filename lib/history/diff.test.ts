import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Graph } from '@/lib/topology/graph';
import type { Finding, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { RandomCluster } from '@/lib/topology/testing/random-cluster';
import { indexed, viewOf } from '@/lib/topology/view';
import { NO_FILTERS } from '@/lib/topology/view-filters';
import { diffTopologies } from './diff';
import { differing, edgeFields, findingFields, nodeFields } from './fields';
import type { FieldChange, TopologyDiff } from './model';
import type { Side } from './scope';

const EARLIER = '2026-01-01T12:00:00.000Z';
const LATER = '2026-01-01T13:00:00.000Z';
const BETWEEN = '2026-01-01T12:30:00.000Z';

const sideOf = ({ nodes, edges, findings }: Graph, takenAt: string): Side => ({
  takenAt,
  nodes: [...nodes.values()],
  edges: [...edges.values()],
  findings: [...findings.values()],
});

const side = (
  takenAt: string,
  nodes: readonly TopologyNode[],
  edges: readonly TopologyEdge[] = [],
  findings: readonly Finding[] = [],
): Side => ({ takenAt, nodes, edges, findings });

function node(id: string, detail: object = {}, more: Partial<TopologyNode> = {}): TopologyNode {
  const kind = id.slice(0, id.indexOf(':')) as TopologyNode['kind'];
  const name = id.slice(id.lastIndexOf('/') + 1);
  const made = { id, kind, name, namespace: 'shop', status: 'ok' as const, findings: [] };
  return { ...made, detail: { ...detail }, ...more };
}

function edge(kind: TopologyEdge['kind'], source: string, target: string, more: Partial<TopologyEdge> = {}) {
  const id = `${kind}:${source}>${target}`;
  const made = {
    id,
    source,
    target,
    kind,
    status: 'ok',
    basis: 'declared',
    label: '',
    findings: [],
  } as const;
  return { ...made, ...more };
}

const rule = (path: string, type: string, service: string, more: object = {}) =>
  node(`rule:Ingress.networking.k8s.io/shop/web/a.example/${type}/${encodeURIComponent(path)}`, {
    host: 'a.example',
    path,
    pathType: type,
    ingress: 'web',
    service,
    port: 80,
    ...more,
  });

const told = ({ nodes, edges, findings }: TopologyDiff) =>
  [...nodes, ...edges, ...findings].map(
    ({ change, id, was }) => `${change} ${id}${was ? ` was ${was}` : ''}`,
  );

const flip = ({ path, before, after }: FieldChange) => ({ path, before: after, after: before });
const byPath = (a: FieldChange, b: FieldChange) => (a.path < b.path ? -1 : 1);

describe('random topologies', () => {
  const seeds = fc.record({ seed: fc.integer(), first: fc.nat(60), steps: fc.integer({ min: 1, max: 60 }) });

  test('a topology does not differ from itself', () => {
    fc.assert(
      fc.property(seeds, ({ seed, first }) => {
        const cluster = new RandomCluster(seed);
        cluster.step(first);
        const now = sideOf(cluster.graph, EARLIER);
        const copy = JSON.parse(JSON.stringify({ ...now, takenAt: LATER })) as Side;
        expect(told(diffTopologies(now, copy))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('what differs is what the delta did, as far as fields count', () => {
    fc.assert(
      fc.property(seeds, ({ seed, first, steps }) => {
        const cluster = new RandomCluster(seed);
        cluster.step(first);
        const before = sideOf(cluster.graph, EARLIER);
        const delta = cluster.step(steps);
        const diff = diffTopologies(before, sideOf(cluster.graph, LATER));
        const tell = <T extends { readonly id: string }>(
          earlier: readonly T[],
          patch: { readonly upsert: readonly T[]; readonly remove: readonly string[] },
          fields: (item: T) => ReturnType<typeof nodeFields>,
        ) => {
          const was = new Map(earlier.map((item) => [item.id, item]));
          return [
            ...patch.remove.filter((id) => was.has(id)).map((id) => `removed ${id}`),
            ...patch.upsert.flatMap((item) => {
              const old = was.get(item.id);
              if (!old) return [`added ${item.id}`];
              return differing(fields(old), fields(item)).length > 0 ? [`changed ${item.id}`] : [];
            }),
          ].sort();
        };
        const unmoved = (list: readonly { change: string; id: string; was: string | null }[]) =>
          list
            .flatMap(({ change, id, was }) =>
              was === null ? [`${change} ${id}`] : [`removed ${was}`, `added ${id}`],
            )
            .sort();
        // Moves that change no field are told by nobody; without fields in common the generator makes none of rules.
        expect(unmoved(diff.nodes)).toEqual(tell(before.nodes, delta.nodes, nodeFields));
        expect(unmoved(diff.edges)).toEqual(tell(before.edges, delta.edges, edgeFields));
        const findings = tell(before.findings, delta.findings, findingFields);
        expect(unmoved(diff.findings)).toEqual(findings);
      }),
      { numRuns: 100 },
    );
  });

  test('the other way round it is the mirror image, whatever it is narrowed to', () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), ({ seed, first, steps }, narrow) => {
        const cluster = new RandomCluster(seed);
        cluster.step(first + 1);
        const before = sideOf(cluster.graph, EARLIER);
        cluster.step(steps);
        const after = sideOf(cluster.graph, LATER);
        const focus = narrow ? (before.nodes[seed & 7]?.id ?? null) : null;
        const there = diffTopologies(before, after, { focus });
        const back = diffTopologies(after, before, { focus });
        const mirror = { added: 'removed', removed: 'added', changed: 'changed' } as const;
        for (const list of ['nodes', 'edges', 'findings'] as const) {
          const forwards = there[list].map(({ change, id, was, fields }) =>
            JSON.stringify([mirror[change], was ?? id, was && id, fields.map(flip).toSorted(byPath)]),
          );
          const backwards = back[list].map(({ change, id, was, fields }) =>
            JSON.stringify([change, id, was, [...fields].sort(byPath)]),
          );
          expect(backwards.sort()).toEqual(forwards.sort());
        }
        expect(back.summary.nodes.added).toBe(there.summary.nodes.removed);
      }),
      { numRuns: 100 },
    );
  });

  test('narrowed to a chain it tells what it tells of all, less what no chain there holds', () => {
    fc.assert(
      fc.property(seeds, fc.nat(200), ({ seed, first, steps }, pick) => {
        const cluster = new RandomCluster(seed);
        cluster.step(first + 5);
        const before = sideOf(cluster.graph, EARLIER);
        const focus = before.nodes[pick % before.nodes.length]?.id ?? '';
        const drawn = () => {
          const view = viewOf(indexed(cluster.graph), { ...NO_FILTERS, focus });
          return [...view.nodes.keys(), ...view.edges.keys(), ...view.findings.keys()];
        };
        const within = new Set(drawn());
        cluster.step(steps);
        for (const id of drawn()) within.add(id);
        const after = sideOf(cluster.graph, LATER);
        const wanted = told(diffTopologies(before, after)).filter((line) =>
          within.has(line.split(' ')[1] ?? ''),
        );
        expect(told(diffTopologies(before, after, { focus })).sort()).toEqual(wanted.sort());
      }),
      { numRuns: 100 },
    );
  });
});

describe('what a person calls a change', () => {
  test('fields by their path, and not what moves by itself', () => {
    const before = node('service:shop/web', {
      type: 'ClusterIP',
      ports: [{ name: 'http', port: 80, targetPort: 8080, nodePort: null }],
      selector: { app: 'web' },
      ready: 3,
      total: 3,
      reason: '',
      workloads: [{ kind: 'Deployment', name: 'web', images: { app: 'web:1' }, replicas: 3, generation: 4 }],
    });
    const after = node(
      'service:shop/web',
      {
        ...before.detail,
        ports: [{ name: 'http', port: 80, targetPort: 'web', nodePort: 30080 }],
        selector: { app: 'webb' },
        ready: 0,
        reason: 'since 3 min',
        workloads: [
          { kind: 'Deployment', name: 'web', images: { app: 'web:2' }, replicas: 3, generation: 5 },
        ],
      },
      { status: 'broken', findings: ['x'] },
    );
    expect(diffTopologies(side(EARLIER, [before]), side(LATER, [after])).nodes[0]?.fields).toEqual([
      { path: 'status', before: 'ok', after: 'broken' },
      { path: 'ports.80', before: 'http → 8080', after: 'http → web (node port 30080)' },
      { path: 'selector.app', before: 'web', after: 'webb' },
      { path: 'ready', before: 3, after: 0 },
      { path: 'workloads.Deployment/web.images.app', before: 'web:1', after: 'web:2' },
    ]);
    const pod = (restarts: number) =>
      node('pod:shop/web-1', { ready: true, restarts, ip: `10.0.0.${restarts}` });
    const host = (ttl: number) => node('host:a', { addresses: ['1.1.1.1'], points: [{ server: 'x', ttl }] });
    expect(told(diffTopologies(side(EARLIER, [pod(1), host(1)]), side(LATER, [pod(9), host(9)])))).toEqual(
      [],
    );
  });

  test('a missing Service that comes is made, and nothing more is said of it', () => {
    const ghost = node('service:shop/web', { ghost: true }, { status: 'broken' });
    const real = node('service:shop/web', { type: 'ClusterIP', selector: { app: 'web' } });
    expect(diffTopologies(side(EARLIER, [ghost]), side(LATER, [real])).nodes[0]?.fields).toEqual([
      { path: 'status', before: 'broken', after: 'ok' },
      { path: 'exists', before: false, after: true },
    ]);
  });

  test('details of another shape are no fields and no harm', () => {
    const odd = (value: unknown) =>
      node('service:shop/web', {
        ports: value,
        selector: value,
        workloads: value,
        edits: value,
        type: value,
      });
    for (const value of [
      null,
      7,
      'x',
      [null, [1], 'y'],
      { a: { b: 1 } },
      JSON.parse('{"__proto__":{"x":1}}'),
    ])
      expect(() => diffTopologies(side(EARLIER, [odd([])]), side(LATER, [odd(value)]))).not.toThrow();
  });
});

describe('the same thing under another id is told once', () => {
  test('a rule whose path type was edited, with its edges', () => {
    const [a, b] = [rule('/watch', 'Prefix', 'watch'), rule('/watch', 'Exact', 'watch')];
    const service = node('service:shop/watch');
    const diff = diffTopologies(
      side(EARLIER, [a, service], [edge('routes', a.id, service.id)]),
      side(LATER, [b, service], [edge('routes', b.id, service.id, { status: 'broken' })]),
    );
    expect(diff.nodes).toHaveLength(1);
    expect(diff.nodes[0]).toMatchObject({
      change: 'changed',
      id: b.id,
      was: a.id,
      fields: [{ path: 'pathType', before: 'Prefix', after: 'Exact' }],
    });
    expect(diff.edges).toHaveLength(1);
    expect(diff.edges[0]).toMatchObject({ change: 'changed', was: edge('routes', a.id, service.id).id });
  });

  test('a path that was edited, but not where several could be meant', () => {
    const diff = diffTopologies(
      side(EARLIER, [rule('/a', 'Prefix', 's')]),
      side(LATER, [rule('/b', 'Prefix', 's')]),
    );
    expect(diff.nodes.map(({ change, fields }) => [change, fields[0]?.path])).toEqual([['changed', 'path']]);
    const two = [rule('/b', 'Prefix', 's'), rule('/c', 'Prefix', 's')];
    expect(
      diffTopologies(side(EARLIER, [rule('/a', 'Prefix', 's')]), side(LATER, two)).summary.nodes,
    ).toEqual({
      added: 2,
      removed: 1,
      changed: 0,
    });
  });

  test('pods that new ones replace, with who deployed', () => {
    const pod = (name: string, image: string) =>
      node(`pod:shop/${name}`, { image, workload: 'web', ready: true });
    const edits = [{ object: 'Deployment shop/web', manager: 'argocd', at: BETWEEN }];
    const diff = diffTopologies(
      side(EARLIER, [node('service:shop/web'), pod('web-1a', 'web:1'), pod('web-1b', 'web:1')]),
      side(LATER, [node('service:shop/web', { edits }), pod('web-2a', 'web:2')]),
    );
    expect(diff.nodes.map(({ change, id, was, who }) => [change, id, was, who?.manager])).toEqual([
      ['removed', 'pod:shop/web-1b', null, undefined],
      ['changed', 'pod:shop/web-2a', 'pod:shop/web-1a', 'argocd'],
    ]);
  });
});

describe('who', () => {
  const edited = (at: string, manager = 'kubectl') => ({
    edits: [{ object: 'Ingress shop/web', manager, at }],
  });

  test('the edit that the earlier side does not know, whatever the clocks say', () => {
    const from = side(EARLIER, [rule('/', 'Prefix', 'a', edited('2025-12-31T00:00:00.000Z'))]);
    const to = side(LATER, [rule('/', 'Prefix', 'b', edited('2026-01-01T11:00:00.000Z', 'helm'))]);
    expect(diffTopologies(from, to).nodes[0]?.who).toMatchObject({ manager: 'helm' });
    expect(diffTopologies(to, from).nodes[0]?.who).toMatchObject({ manager: 'helm' });
  });

  test('nobody where the object was not edited in between', () => {
    const broken = { ...rule('/', 'Prefix', 'a', edited(EARLIER)), status: 'broken' as const };
    const diff = diffTopologies(
      side(EARLIER, [rule('/', 'Prefix', 'a', edited(EARLIER))]),
      side(LATER, [broken]),
    );
    expect(diff.nodes[0]).toMatchObject({ change: 'changed', who: null });
  });

  test('of what is new by the time: a second is the precision of managedFields', () => {
    const whoAt = (at: string) =>
      diffTopologies(side(EARLIER, []), side(LATER, [rule('/', 'Prefix', 'a', edited(at))])).nodes[0]?.who
        ?.at;
    expect(whoAt('2026-01-01T11:59:59.500Z')).toBe('2026-01-01T11:59:59.500Z');
    expect(whoAt('2026-01-01T11:59:58.000Z')).toBeUndefined();
  });
});

test('worst first, then what was worst, then along the chain', () => {
  const ids = ['pod:shop/p', 'service:shop/s', 'host:h', 'rule:shop/r', 'controller:c'];
  const before = { 'rule:shop/r': 'broken' as const };
  const after = {
    'pod:shop/p': 'broken' as const,
    'host:h': 'degraded' as const,
    'service:shop/s': 'broken' as const,
  };
  const at = (statuses: Readonly<Record<string, TopologyNode['status']>>) =>
    ids.filter((id) => id !== 'controller:c').map((id) => node(id, {}, { status: statuses[id] ?? 'ok' }));
  const diff = diffTopologies(side(EARLIER, at(before)), side(LATER, [...at(after), node('controller:c')]));
  expect(diff.nodes.map(({ id }) => id)).toEqual([
    'service:shop/s',
    'pod:shop/p',
    'host:h',
    'rule:shop/r',
    'controller:c',
  ]);
});

test('a limit cuts the lists and not the counts', () => {
  const many = Array.from({ length: 10 }, (_, i) => node(`service:shop/${i}`));
  const diff = diffTopologies(side(EARLIER, []), side(LATER, many), { limit: 3 });
  expect([diff.nodes.length, diff.summary.nodes.added, diff.cut]).toEqual([3, 10, true]);
});

test('what may be folded away on one side is counted and not told', () => {
  const group = node('group:hosts/example', { count: 5, folds: 'hosts' });
  const bad = node('host:b', {}, { status: 'broken' });
  const diff = diffTopologies(side(EARLIER, [group]), side(LATER, [node('host:a'), bad]));
  expect(told(diff)).toEqual(['added host:b']);
  expect(diff.folded).toBe(2);
});
