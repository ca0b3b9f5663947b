/** A random but well-formed topology that changes in small random steps, for property tests. Seeded, no clock. */
import { Graph } from '../graph';
import { edgeId, hostId, podId, ruleId, secretId, serviceId, serviceLoadBalancerId } from '../ids';
import type { Before, Finding, NodeKind, Status, TopologyDelta, TopologyEdge, TopologyNode } from '../model';
import { beforeOf } from './before';

const STATUSES: readonly Status[] = [
  'ok',
  'ok',
  'ok',
  'ok',
  'warning',
  'degraded',
  'broken',
  'unknown',
  'pending',
];

/** Mulberry32: small, fast, good enough to choose test cases. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class RandomCluster {
  readonly graph = new Graph();
  /** What the last step changed and removed, as it was. */
  before: Before = new Graph();
  readonly #random: () => number;
  readonly #healthy: boolean;
  #nodes = new Map<string, TopologyNode | null>();
  #edges = new Map<string, TopologyEdge | null>();
  #findings = new Map<string, Finding | null>();

  constructor(seed: number, options: { healthy?: boolean } = {}) {
    this.#random = randomOf(seed);
    this.#healthy = options.healthy ?? false;
    for (let i = 0; i < 2; i++) this.#balancer(i);
  }

  /** Makes some random changes, applies them to the graph and says what they were. */
  step(changes: number): TopologyDelta {
    for (let i = 0; i < changes; i++) this.#change();
    const delta = {
      nodes: patch(this.#nodes),
      edges: patch(this.#edges),
      findings: patch(this.#findings),
    };
    this.#nodes = new Map();
    this.#edges = new Map();
    this.#findings = new Map();
    this.before = beforeOf(this.graph, delta);
    this.graph.apply(delta);
    return delta;
  }

  below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  #change(): void {
    const dice = this.below(12);
    if (dice < 3) this.#rule();
    else if (dice < 5) this.#pod();
    else if (dice === 5) this.#direct();
    else if (dice === 6) this.#resolve();
    else if (dice === 7) this.#balancer(this.below(4));
    else if (dice === 8) this.#finding();
    else if (dice === 9) this.#remove();
    else this.#repaint();
  }

  #balancer(i: number): void {
    const balancer = this.#node(serviceLoadBalancerId('infra', `lb${i}`), 'loadbalancer', 'infra', {
      addresses: [`10.0.0.${i}`],
    });
    const controller = this.#node(`controller:workload/Deployment/infra/c${i % 3}`, 'controller', 'infra', {
      type: 'nginx',
    });
    this.#edge('exposes', balancer, controller, 80);
  }

  #rule(): void {
    const namespace = this.pick(['a', 'b', 'c']);
    const host = this.pick(['', 'x.example.com', 'y.example.com', 'z.shop.org', `h${this.below(9)}.big.net`]);
    const path = this.pick(['/', '/cart', `/p${this.below(5)}`]);
    const owner = this.#node(hostId(host), 'host', '', { host, addresses: [] });
    const detail = { host, path, class: this.pick(['nginx', 'other']) };
    const rule = this.#node(ruleId(namespace, 'web', host, 'Prefix', path), 'rule', namespace, detail);
    this.#edge('serves', `controller:workload/Deployment/infra/c${this.below(3)}`, rule);
    const service = this.#service(namespace);
    this.#edge('routes', rule, service, this.pick([80, 'http', 8080]));
    if (this.below(6) === 0)
      this.#edge('terminates', rule, this.#node(secretId(namespace, 'tls'), 'secret', namespace, {}));
    if (this.below(3) === 0)
      this.#edge('resolves', owner, serviceLoadBalancerId('infra', `lb${this.below(4)}`));
    if (this.below(9) === 0)
      this.#edge('serves', this.#node('loadbalancer:ingress/a/cloud', 'loadbalancer', 'a', {}), rule);
  }

  #service(namespace: string): string {
    const ports = [
      { name: 'http', port: 80, targetPort: 80, nodePort: null },
      ...(this.below(2) ? [{ name: 'x', port: 8080, targetPort: 1, nodePort: null }] : []),
    ];
    return this.#node(serviceId(namespace, `s${this.below(4)}`), 'service', namespace, { ports });
  }

  #pod(): void {
    const namespace = this.pick(['a', 'b', 'c']);
    const service = this.#service(namespace);
    const pod = this.#node(podId(namespace, `p${this.below(8)}`), 'pod', namespace, {
      ready: true,
      ip: '10.1.0.1',
    });
    this.#edge('backs', service, pod, this.pick([80, 8080]));
  }

  #direct(): void {
    const namespace = this.pick(['a', 'b']);
    const balancer = this.#node(serviceLoadBalancerId(namespace, 'direct'), 'loadbalancer', namespace, {});
    this.#edge('exposes', balancer, this.#service(namespace), this.pick([80, 8080]));
    if (this.below(2) === 0)
      this.#edge('resolves', this.#node(hostId('direct.org'), 'host', '', { host: 'direct.org' }), balancer);
  }

  #resolve(): void {
    const hosts = this.#existing('host');
    if (hosts.length === 0) return;
    const target = this.below(2)
      ? serviceLoadBalancerId('infra', `lb${this.below(4)}`)
      : this.#node(`address:192.0.2.${this.below(3)}`, 'address', '', {});
    this.#edge('resolves', this.pick(hosts), target);
  }

  #finding(): void {
    const rules = this.#existing('rule');
    if (rules.length === 0) return;
    const id = `f${this.below(6)}:x`;
    const affects = [this.pick(rules), this.pick(rules)].map((rule) => ({
      host: hostId(''),
      rule,
      answer: 503,
    }));
    this.#findings.set(
      id,
      finding(
        id,
        affects,
        this.below(3) ? null : `f${this.below(6)}:x`,
        this.pick(['traffic', 'risk'] as const),
      ),
    );
  }

  #remove(): void {
    const id = this.pick([...this.graph.nodes.keys(), 'none']);
    if (this.below(3) === 0) this.#findings.set(`f${this.below(6)}:x`, null);
    if (!this.graph.nodes.has(id)) return;
    this.#nodes.set(id, null);
    for (const edge of this.graph.edges.values())
      if (edge.source === id || edge.target === id) this.#edges.set(edge.id, null);
    for (const edge of this.#edges.values())
      if (edge && (edge.source === id || edge.target === id)) this.#edges.set(edge.id, null);
  }

  #repaint(): void {
    const node = this.graph.nodes.get(this.pick([...this.graph.nodes.keys(), 'none']));
    if (node && this.#nodes.get(node.id) === undefined)
      this.#nodes.set(node.id, { ...node, status: this.#status() });
    const edge = [...this.graph.edges.values()][this.below(this.graph.edges.size)];
    if (edge && this.#edges.get(edge.id) === undefined)
      this.#edges.set(edge.id, { ...edge, status: this.#status() });
    if (edge && this.below(4) === 0) this.#edges.set(edge.id, null);
  }

  #existing(kind: NodeKind): string[] {
    return [...this.graph.nodes.values()]
      .filter((node) => node.kind === kind && this.#nodes.get(node.id) !== null)
      .map((node) => node.id);
  }

  #status(): Status {
    return this.#healthy ? 'ok' : this.pick(STATUSES);
  }

  #node(id: string, kind: NodeKind, namespace: string, detail: TopologyNode['detail']): string {
    const name = id.slice(id.lastIndexOf('/') + 1);
    this.#nodes.set(id, {
      id,
      kind,
      name,
      namespace,
      status: this.#status(),
      findings: this.below(5) ? [] : [`f${this.below(6)}:x`],
      detail,
    });
    return id;
  }

  #edge(kind: TopologyEdge['kind'], source: string, target: string, port?: number | string): void {
    for (const end of [source, target]) {
      const there = this.#nodes.get(end) ?? (this.#nodes.has(end) ? null : this.graph.nodes.get(end));
      if (!there) return;
    }
    const id = edgeId(kind, source, target, port);
    const base = {
      id,
      source,
      target,
      kind,
      status: this.#status(),
      basis: 'declared',
      label: '',
      findings: [],
    } as const;
    this.#edges.set(id, port === undefined ? base : { ...base, port });
  }
}

function patch<T>(changes: ReadonlyMap<string, T | null>): { upsert: T[]; remove: string[] } {
  const upsert: T[] = [];
  const remove: string[] = [];
  for (const [id, item] of changes) {
    if (item === null) remove.push(id);
    else upsert.push(item);
  }
  return { upsert, remove };
}

function finding(
  id: string,
  affects: Finding['affects'],
  cause: string | null,
  impact: Finding['impact'],
): Finding {
  return {
    id,
    code: 'test',
    severity: 'broken',
    impact,
    state: 'open',
    settled: true,
    hop: 'service',
    cause: cause === id ? null : cause,
    affects,
    subject: { group: '', version: 'v1', resource: 'services', kind: 'Service', namespace: 'a', name: 's' },
    related: [],
    title: id,
    detail: '',
    evidence: [],
    fix: { summary: '', look: [], change: [], managedBy: null },
    since: null,
  };
}
