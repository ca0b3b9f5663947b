import { describe, expect, test } from 'vitest';
import { foldPods } from './fold-pods';
import { Graph } from './graph';
import { edgeId, hostId, podId, ruleId, serviceId, serviceLoadBalancerId, workloadControllerId } from './ids';
import type { EdgeKind, NodeKind, Status, TopologyEdge, TopologyNode } from './model';
import { indexed, viewOf } from './view';
import { NO_FILTERS, type ViewFilters } from './view-filters';

/** Two controllers, each behind its own load balancer, and one Service with two ports that both use. */
class Fixture {
  readonly nodes: TopologyNode[] = [];
  readonly edges: TopologyEdge[] = [];

  node(
    id: string,
    kind: NodeKind,
    namespace = '',
    detail: TopologyNode['detail'] = {},
    status: Status = 'ok',
  ): string {
    this.nodes.push({
      id,
      kind,
      name: id.slice(id.lastIndexOf('/') + 1),
      namespace,
      status,
      findings: [],
      detail,
    });
    return id;
  }

  edge(kind: EdgeKind, source: string, target: string, port?: number | string): void {
    const base = {
      id: edgeId(kind, source, target, port),
      source,
      target,
      kind,
      status: 'ok',
      basis: 'declared',
      label: '',
      findings: [],
    } as const;
    this.edges.push(port === undefined ? base : { ...base, port });
  }

  view(filters: Partial<ViewFilters>) {
    const graph = new Graph();
    graph.apply({
      nodes: { upsert: this.nodes, remove: [] },
      edges: { upsert: this.edges, remove: [] },
      findings: { upsert: [], remove: [] },
    });
    return viewOf(indexed(graph), { ...NO_FILTERS, ...filters });
  }
}

const LB1 = serviceLoadBalancerId('infra', 'public');
const LB2 = serviceLoadBalancerId('infra', 'internal');
const C1 = workloadControllerId('Deployment', 'infra', 'public');
const C2 = workloadControllerId('Deployment', 'infra', 'internal');
const SHOP = hostId('shop.example.com');
const WIKI = hostId('wiki.example.com');
const SHOP_RULE = ruleId('a', 'shop', 'shop.example.com', 'Prefix', '/');
const WIKI_RULE = ruleId('a', 'wiki', 'wiki.example.com', 'Prefix', '/docs');
const SERVICE = serviceId('a', 'web');
const POD80 = podId('a', 'web-80');
const POD90 = podId('a', 'web-90');

function fixture(): Fixture {
  const f = new Fixture();
  for (const [balancer, controller] of [
    [LB1, C1],
    [LB2, C2],
  ] as const) {
    f.edge(
      'exposes',
      f.node(balancer, 'loadbalancer', 'infra'),
      f.node(controller, 'controller', 'infra'),
      80,
    );
  }
  const hosts = [
    [SHOP, 'shop.example.com', SHOP_RULE, C1, LB1, 'http', '/'],
    [WIKI, 'wiki.example.com', WIKI_RULE, C2, LB2, 90, '/docs'],
  ] as const;
  f.node(SERVICE, 'service', 'a', {
    ports: [
      { name: 'http', port: 80 },
      { name: 'admin', port: 90 },
    ],
  });
  for (const [id, host, rule, controller, balancer, port, path] of hosts) {
    f.node(id, 'host', '', { host });
    f.node(rule, 'rule', 'a', { host, path, class: 'nginx' });
    f.edge('resolves', id, balancer);
    f.edge('serves', controller, rule);
    f.edge('routes', rule, SERVICE, port);
  }
  f.edge('backs', SERVICE, f.node(POD80, 'pod', 'a', { ready: true }), 80);
  f.edge('backs', SERVICE, f.node(POD90, 'pod', 'a', { ready: true }), 90);
  return f;
}

const ids = (items: ReadonlyMap<string, unknown>) => [...items.keys()].sort();

describe('focus', () => {
  const shopChain = [SHOP, LB1, C1, SHOP_RULE, SERVICE, POD80].sort();

  test.each([SHOP, LB1, C1, SHOP_RULE, POD80])(
    'through %s is one chain, not everything that hangs together',
    (focus) => {
      const view = fixture().view({ focus });
      expect(ids(view.nodes)).toEqual(shopChain);
      expect(view.edges.size).toBe(5);
    },
  );

  test('a shared Service has the chains of both rules', () => {
    expect(fixture().view({ focus: SERVICE }).nodes.size).toBe(11);
  });

  test('a host that leads to both load balancers still has only the one of its rule’s controller', () => {
    const f = fixture();
    f.edge('resolves', SHOP, LB2);
    expect(ids(f.view({ focus: SHOP_RULE }).nodes)).toEqual(shopChain);
    expect(f.view({ focus: LB2 }).nodes.has(SHOP)).toBe(false);
  });

  test('a host that leads only elsewhere shows where it leads, and no way from there', () => {
    const f = fixture();
    f.edges.splice(
      f.edges.findIndex((edge) => edge.id === edgeId('resolves', SHOP, LB1)),
      1,
    );
    f.edge('resolves', SHOP, LB2);
    const view = f.view({ focus: SHOP });
    expect(view.nodes.has(LB2)).toBe(true);
    expect(view.nodes.has(C2)).toBe(false);
    expect(view.nodes.has(LB1)).toBe(false);
  });
});

test('a directly exposed Service: host, load balancer, Service and the pods of that port', () => {
  const f = fixture();
  const direct = f.node(serviceLoadBalancerId('a', 'web'), 'loadbalancer', 'a');
  const host = f.node(hostId('direct.org'), 'host', '', { host: 'direct.org' });
  f.edge('exposes', direct, SERVICE, 90);
  f.edge('resolves', host, direct);
  expect(ids(f.view({ focus: direct }).nodes)).toEqual([host, direct, SERVICE, POD90].sort());
});

test('a cloud’s own controller: load balancer, rule, Service, nothing in the cluster', () => {
  const f = fixture();
  const rule = f.node(ruleId('a', 'cloud', 'c.org', 'Prefix', '/'), 'rule', 'a', {
    host: 'c.org',
    path: '/',
  });
  const cloud = f.node('loadbalancer:ingress/a/cloud', 'loadbalancer', 'a');
  const host = f.node(hostId('c.org'), 'host', '', { host: 'c.org' });
  f.edge('serves', cloud, rule);
  f.edge('resolves', host, cloud);
  f.edge('routes', rule, SERVICE, 80);
  expect(ids(f.view({ focus: host }).nodes)).toEqual([host, cloud, rule, SERVICE, POD80].sort());
});

test.each([
  [{ host: ['shop.example.com'] }, [SHOP_RULE]],
  [{ controller: ['internal'] }, [WIKI_RULE]],
  [{ class: ['nginx'] }, [SHOP_RULE, WIKI_RULE]],
  [{ class: ['other'] }, []],
  [{ service: ['a/web'] }, [SHOP_RULE, WIKI_RULE]],
  [{ q: 'wiki.example.com/DOCS' }, [WIKI_RULE]],
  [{ q: 'web-80' }, [SHOP_RULE]],
  [{ namespace: ['a'], q: 'infra/public' }, [SHOP_RULE]],
  [{ namespace: ['infra'] }, []],
] as const)('filter %o', (filters, rules) => {
  const view = fixture().view(filters);
  expect(ids(view.nodes).filter((id) => id.startsWith('rule:'))).toEqual([...rules].sort());
});

test('what is on no chain is drawn in the unfiltered view only', () => {
  const f = fixture();
  const lonely = f.node(workloadControllerId('Deployment', 'x', 'lonely'), 'controller', 'x');
  expect(f.view({}).nodes.has(lonely)).toBe(true);
  expect(f.view({ namespace: ['a'] }).nodes.has(lonely)).toBe(false);
});

describe('folding', () => {
  function big(): Fixture {
    const f = fixture();
    for (let i = 0; i < 10; i++)
      f.edge(
        'backs',
        SERVICE,
        f.node(podId('a', `more-${i}`), 'pod', 'a', { ready: i > 0 }, i > 0 ? 'ok' : 'broken'),
        80,
      );
    return f;
  }

  test('pods fold first, into one group with the worst status', () => {
    const view = big().view({ budget: 12 });
    const group = view.nodes.get('group:pods/a/web');
    expect(group).toMatchObject({
      name: '11/12 ready',
      status: 'broken',
      detail: { count: 12, statuses: { ok: 11, broken: 1 }, ready: 11 },
    });
    expect(view.nodes.size).toBe(10);
    expect(view.edges.has(edgeId('backs', SERVICE, 'group:pods/a/web', 80))).toBe(true);
    expect(view.nodes.has(SHOP_RULE)).toBe(true);
  });

  test('hosts fold by parent domain and namespace, with edges to the load balancers', () => {
    const f = big();
    f.nodes.splice(
      f.nodes.findIndex((node) => node.status === 'broken'),
      1,
    );
    const view = f.view({ budget: 6 });
    expect(view.nodes.get('group:hosts/example.com/a')?.detail).toMatchObject({
      folds: 'hosts',
      count: 2,
      of: 'example.com',
      members: { host: 2, rule: 2, service: 1, pod: 11 },
    });
    expect(view.edges.has(edgeId('resolves', 'group:hosts/example.com/a', LB1))).toBe(true);
    expect(f.view({ budget: 6, expand: ['group:hosts/example.com/a'] }).nodes.has(SHOP)).toBe(true);
  });

  test('the browser folds what the server has not, with the same ids', () => {
    const whole = big().view({});
    const folded = foldPods(whole);
    expect(folded.nodes.has('group:pods/a/web')).toBe(true);
    expect(foldPods(whole, { expand: new Set(['group:pods/a/web']) })).toBe(whole);
    expect(foldPods(folded)).toBe(folded);
  });
});
