/** A random topology of many namespaces, most of them well and some of them joined: for property tests of overviews. Seeded. */
import { edgeId, hostId, podId, ruleId, serviceId, serviceLoadBalancerId } from '../ids';
import type { Finding, NodeKind, Status, TopologyDelta, TopologyEdge, TopologyNode } from '../model';
import { randomOf } from './random-cluster';

const CONTROLLERS = ['controller:workload/Deployment/infra/c0', 'controller:workload/Deployment/infra/c1'];

const ILL: readonly Status[] = ['warning', 'degraded', 'broken', 'unknown', 'pending'];

export class RandomNamespaces {
  readonly #random: () => number;
  readonly #nodes = new Map<string, TopologyNode>();
  readonly #edges = new Map<string, TopologyEdge>();
  readonly #findings = new Map<string, Finding>();
  /** In a hundred: how often something is not well. */
  readonly #ill: number;

  constructor(seed: number) {
    this.#random = randomOf(seed);
    this.#ill = this.#pick([0, 1, 3, 12]);
    for (const controller of CONTROLLERS) {
      this.#node(controller, 'controller', 'infra', { type: 'nginx' });
      const balancer = this.#node(
        serviceLoadBalancerId('infra', controller.slice(-2)),
        'loadbalancer',
        'infra',
        {},
      );
      this.#edge('exposes', balancer, controller, 80);
    }
    for (let i = 0; i < 4; i++) this.#node(`address:192.0.2.${i}`, 'address', '', {});
    for (let i = 0; i < 14; i++) this.#namespace(`n${i}`);
    if (this.#below(3) === 0) this.#joined('n3', 'n4');
    if (this.#below(3) === 0) this.#direct('n5');
  }

  topology(): TopologyDelta {
    const nodes = [...this.#nodes.values()];
    // Neither do edges come in the order of their nodes.
    const edges = [...this.#edges.values()].sort(() => this.#random() - 0.5);
    return {
      nodes: { upsert: nodes, remove: [] },
      edges: { upsert: edges, remove: [] },
      findings: { upsert: [...this.#findings.values()], remove: [] },
    };
  }

  /** Changes something: how a node is, mostly for the better, or which pods there are. */
  step(): TopologyDelta {
    const nodes: TopologyNode[] = [];
    const edges: TopologyEdge[] = [];
    const gone = { nodes: [] as string[], edges: [] as string[] };
    const node = this.#pick([...this.#nodes.values()]);
    const dice = this.#below(20);
    if (dice === 0 && node.kind === 'pod') {
      gone.nodes.push(node.id);
      for (const { id, target } of this.#edges.values()) if (target === node.id) gone.edges.push(id);
    } else if (dice === 1 && node.kind === 'service') {
      const pod = podId(node.namespace, `new${this.#below(9)}`);
      this.#node(pod, 'pod', node.namespace, { ready: true });
      this.#edge('backs', node.id, pod, 80);
      nodes.push(...[...this.#nodes.values()].filter(({ id }) => id === pod));
      edges.push(...[...this.#edges.values()].filter(({ target }) => target === pod));
    } else {
      const status = this.#below(3) ? 'ok' : this.#pick(ILL);
      nodes.push({ ...node, status, detail: { ...node.detail, seen: this.#below(9) } });
    }
    for (const id of gone.nodes) this.#nodes.delete(id);
    for (const id of gone.edges) this.#edges.delete(id);
    for (const changed of nodes) this.#nodes.set(changed.id, changed);
    return {
      nodes: { upsert: nodes, remove: gone.nodes },
      edges: { upsert: edges, remove: gone.edges },
      findings: { upsert: [], remove: [] },
    };
  }

  #namespace(ns: string): void {
    const services = Array.from({ length: 1 + this.#below(3) }, (_, i) => this.#service(ns, i));
    for (let i = 0; i <= this.#below(5); i++) {
      const host = this.#pick([
        `a.${ns}.org`,
        `b.${ns}.org`,
        `c.${ns}.org`,
        '',
        'x.shared.net',
        'y.shared.net',
      ]);
      this.#host(host);
      const rule = ruleId(ns, 'web', host, 'Prefix', this.#pick(['/', '/cart', '/a', '/b']));
      const before = this.#nodes.has(rule);
      this.#node(rule, 'rule', ns, { host, path: '/' });
      if (before || this.#below(12) > 0) this.#edge('serves', this.#pick(CONTROLLERS), rule);
      if (this.#below(10) > 0)
        this.#edge('routes', rule, this.#pick(services), this.#pick([80, 80, 'http', 8080]));
    }
    // Most services are reached by some rule: others are drawn by themselves.
    if (this.#below(5) > 0) this.#reached(ns, services);
    if (this.#below(4) === 0) this.#finding(ns);
  }

  #reached(ns: string, services: readonly string[]): void {
    const host = `z.${ns}.org`;
    this.#host(host);
    for (const service of services)
      for (const port of [80, 8080]) {
        const rule = ruleId(ns, 'all', host, 'Prefix', `/${service}/${port}`);
        this.#node(rule, 'rule', ns, { host, path: '/' });
        this.#edge('routes', rule, service, port);
      }
  }

  #service(ns: string, i: number): string {
    const ports = [{ name: 'http', port: 80 }, ...(this.#below(2) ? [{ name: 'x', port: 8080 }] : [])];
    const id = this.#node(serviceId(ns, `s${i}`), 'service', ns, { ports });
    for (let n = 0; n < this.#below(4); n++) {
      const kind = this.#below(9) ? 'pod' : 'endpoint';
      const pod = kind === 'pod' ? podId(ns, `p${this.#below(6)}`) : `endpoint:${ns}/s${i}/10.0.0.${n}`;
      this.#node(pod, kind, ns, { ready: true });
      this.#edge('backs', id, pod, this.#pick([80, 80, 'http', 8080]));
    }
    return id;
  }

  #host(host: string): void {
    const id = hostId(host);
    if (this.#nodes.has(id) || this.#below(30) === 0) return;
    this.#node(id, 'host', '', { host });
    const balancer = serviceLoadBalancerId('infra', this.#pick(['c0', 'c1']));
    if (this.#below(2)) this.#edge('resolves', id, balancer);
    if (this.#below(3) === 0) this.#edge('resolves', id, `address:192.0.2.${this.#below(4)}`);
  }

  /** A rule of one namespace leads to a Service of another. */
  #joined(from: string, to: string): void {
    const host = `a.${from}.org`;
    const rule = ruleId(from, 'far', host, 'Prefix', '/far');
    this.#node(rule, 'rule', from, { host, path: '/far' });
    this.#edge('routes', rule, serviceId(to, 's0'), 80);
  }

  #direct(ns: string): void {
    const balancer = this.#node(serviceLoadBalancerId(ns, 'direct'), 'loadbalancer', ns, {});
    this.#edge('exposes', balancer, serviceId(ns, 's0'), 80);
    if (this.#below(2)) this.#edge('resolves', this.#pick([hostId('x.shared.net'), hostId('')]), balancer);
  }

  #finding(ns: string): void {
    const id = `f${this.#below(3)}:Service/${ns}/s0`;
    const rule = [...this.#nodes.values()].find(({ kind, namespace }) => kind === 'rule' && namespace === ns);
    this.#findings.set(id, {
      id,
      code: 'test',
      severity: this.#pick(['broken', 'warning', 'info'] as const),
      impact: this.#pick(['traffic', 'risk'] as const),
      state: this.#pick(['open', 'unknown'] as const),
      settled: true,
      hop: 'service',
      cause: this.#below(3) ? null : `f${this.#below(3)}:Service/${ns}/s0`,
      affects: rule && this.#below(2) ? [{ host: hostId('x.shared.net'), rule: rule.id, answer: 503 }] : [],
      subject: {
        group: '',
        version: 'v1',
        resource: 'services',
        kind: this.#pick(['Service', 'Namespace']),
        namespace: ns,
        name: 's0',
      },
      related: [],
      title: id,
      detail: '',
      evidence: [],
      fix: { summary: '', look: [], change: [], managedBy: null },
      since: null,
    });
  }

  #node(id: string, kind: NodeKind, namespace: string, detail: TopologyNode['detail']): string {
    if (this.#nodes.has(id)) return id;
    const status = this.#below(100) < this.#ill ? this.#pick(ILL) : 'ok';
    const name = id.slice(id.lastIndexOf('/') + 1);
    this.#nodes.set(id, { id, kind, name, namespace, status, findings: [], detail });
    return id;
  }

  #edge(kind: TopologyEdge['kind'], source: string, target: string, port?: number | string): void {
    if (!this.#nodes.has(source) || !this.#nodes.has(target)) return;
    const id = edgeId(kind, source, target, port);
    const base = {
      id,
      source,
      target,
      kind,
      status: 'ok',
      basis: 'declared',
      label: '',
      findings: [],
    } as const;
    this.#edges.set(id, port === undefined ? base : { ...base, port });
  }

  #below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[this.#below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
}
