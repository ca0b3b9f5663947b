/** Views for the tests of pictures. */
import { hostId, podId, segment, serviceId } from '@/lib/topology/ids';
import type { Finding, Status, Topology, TopologyEdge, TopologyNode } from '@/lib/topology/model';

const HOSTS = { ok: 0, warning: 0, degraded: 0, broken: 0, unknown: 0, pending: 0 };

/** A topology of these parts, taken at noon of the first of January 2026. */
export function topologyOf(
  parts: Pick<Topology, 'nodes' | 'edges' | 'findings'>,
  name = 'prod-eu-1',
): Topology {
  return {
    epoch: 'e',
    version: 1,
    takenAt: '2026-01-01T12:00:00.000Z',
    cluster: { id: 'c', name, connection: 'live', since: '2026-01-01T00:00:00.000Z' },
    coverage: [],
    summary: {
      hosts: HOSTS,
      findings: { broken: 0, degraded: 0, warning: 0, info: 0 },
      outOfScope: { services: 0, pods: 0 },
    },
    ...parts,
  };
}

interface Names {
  readonly host: string;
  readonly path: string;
  readonly service: string;
  readonly pod: string;
}

/** One chain through the load balancer and the controller that all share; a broken one has no ready pod, and says why. */
export function chain(names: Names, status: 'ok' | 'broken'): Pick<Topology, 'nodes' | 'edges' | 'findings'> {
  const { host, path, service, pod } = names;
  const ids = {
    host: hostId(host),
    rule: `rule:Ingress.networking.k8s.io/shop/${segment(host)}/x/Prefix/${segment(path)}`,
    service: serviceId('shop', service),
    pod: podId('shop', pod),
  };
  const finding = status === 'broken' ? findingsOf(names, ids) : [];
  const nodes: TopologyNode[] = [
    node('loadbalancer:service/in/lb', 'loadbalancer', 'lb', 'ok', {
      addresses: ['203.0.113.10'],
      ports: ['80', '443'],
    }),
    node('controller:workload/Deployment/in/nginx', 'controller', 'nginx', 'ok', {
      type: 'ingress-nginx',
      desired: 2,
      ready: 2,
    }),
    node(ids.host, 'host', host, status, { addresses: ['203.0.113.10'] }),
    node(ids.rule, 'rule', 'web', status, {
      host,
      path,
      pathType: 'Prefix',
      order: 0,
      ...(status === 'broken' ? { answer: 503 } : {}),
    }),
    {
      ...node(ids.service, 'service', service, status, { total: 1, ready: status === 'ok' ? 1 : 0 }),
      ref: { ...refOf(service), uid: 'u' },
    },
    node(ids.pod, 'pod', pod, status, {
      ready: status === 'ok',
      reason: status === 'ok' ? '' : 'CrashLoopBackOff',
    }),
  ];
  const edges: TopologyEdge[] = [
    edge('exposes', 'loadbalancer:service/in/lb', 'controller:workload/Deployment/in/nginx', 'ok', ''),
    edge('resolves', ids.host, 'loadbalancer:service/in/lb', 'ok', ''),
    edge('serves', 'controller:workload/Deployment/in/nginx', ids.rule, 'ok', ''),
    edge('routes', ids.rule, ids.service, status, status === 'ok' ? '' : '503'),
    edge('backs', ids.service, ids.pod, status, ''),
  ];
  return { nodes, edges, findings: finding };
}

/** Several parts as one, each id once. */
export function joined(parts: readonly Pick<Topology, 'nodes' | 'edges' | 'findings'>[]) {
  const once = <T extends { readonly id: string }>(items: readonly T[]) => [
    ...new Map(items.map((item) => [item.id, item])).values(),
  ];
  return {
    nodes: once(parts.flatMap(({ nodes }) => nodes)),
    edges: once(parts.flatMap(({ edges }) => edges)),
    findings: once(parts.flatMap(({ findings }) => findings)),
  };
}

/** `many` healthy hosts and so many broken ones. */
export function largeView(many: number, broken: number): Topology {
  const parts = Array.from({ length: many }, (_, i) => {
    const name = `web-${i}`;
    const names = { host: `${name}.example.com`, path: '/', service: name, pod: `${name}-abc` };
    return chain(names, i < broken ? 'broken' : 'ok');
  });
  return topologyOf(joined(parts));
}

function findingsOf(
  { host, path, service }: Names,
  ids: { readonly host: string; readonly rule: string },
): Finding[] {
  const common = {
    severity: 'broken',
    impact: 'traffic',
    state: 'open',
    settled: true,
    affects: [{ host: ids.host, rule: ids.rule, answer: 503 }],
    subject: refOf(service),
    related: [],
    evidence: [],
    fix: { summary: '', look: [], change: [], managedBy: null },
    since: null,
  } as const;
  const cause = `pod-crashloop:${service}`;
  return [
    {
      ...common,
      id: `service-no-ready-endpoints:${service}`,
      code: 'service-no-ready-endpoints',
      hop: 'endpoints',
      cause,
      title: `${host}${path} → 503`,
      detail: `0 of 1 endpoints of ${service} ready`,
    },
    {
      ...common,
      id: cause,
      code: 'pod-crashloop',
      hop: 'pod',
      cause: null,
      title: 'pods crash',
      detail: `${service} crashes at its start: no column owner_id`,
    },
  ];
}

function node(
  id: string,
  kind: TopologyNode['kind'],
  name: string,
  status: Status,
  detail: TopologyNode['detail'],
): TopologyNode {
  return { id, kind, name, namespace: 'shop', status, findings: [], detail };
}

function edge(
  kind: TopologyEdge['kind'],
  source: string,
  target: string,
  status: Status,
  label: string,
): TopologyEdge {
  return {
    id: `${kind}:${source}>${target}`,
    source,
    target,
    kind,
    status,
    basis: 'declared',
    label,
    findings: [],
  };
}

function refOf(name: string) {
  return { group: '', version: 'v1', resource: 'services', kind: 'Service', namespace: 'shop', name };
}
