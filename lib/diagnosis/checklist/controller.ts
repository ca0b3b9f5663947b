/** Questions 1 to 3: is a controller installed, do its pods run, is it exposed. */

import { edges } from '@/lib/topology/chains';
import type { ControllerDetail, LoadBalancerDetail } from '@/lib/topology/details';
import type { Graph } from '@/lib/topology/graph';
import type { Evidence, TopologyNode } from '@/lib/topology/model';
import { type Answer, type ChecklistContext, findingsOf, notLooked, unseen, verdictOf } from './answer';

const NOT_INSTALLED = new Set(['controller-missing', 'controller-k8s-version-unsupported']);
const NOT_RUNNING = new Set(['controller-pod-not-ready', 'controller-scaled-to-zero']);
const NOT_EXPOSED = new Set(['controller-service-not-exposed']);
const PENDING = new Set(['lb-service-pending']);
const WORKLOADS = ['deployments', 'daemonsets', 'statefulsets'] as const;

type Detail = Partial<ControllerDetail> & {
  readonly ghost?: boolean;
  readonly outside?: boolean;
  readonly title?: string;
};

/** The controllers that count for a rule: those that serve it, else all that were found. */
export interface Controllers {
  readonly serving: readonly TopologyNode[];
  readonly all: readonly TopologyNode[];
}

/** Controllers of a graph, seen from a rule. */
export function controllersFor(graph: Graph, rule: TopologyNode | null): Controllers {
  const real = (node: TopologyNode | undefined): node is TopologyNode =>
    node?.kind === 'controller' &&
    detailOf(node).ghost !== true &&
    (node.ref !== undefined || detailOf(node).outside === true);
  const sources = rule ? [...edges(graph, graph.in(rule.id))].filter((edge) => edge.kind === 'serves') : [];
  return {
    serving: sources.map((edge) => graph.nodes.get(edge.source)).filter(real),
    all: [...graph.nodes.values()].filter(real).sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** Question 1. */
export function installed(
  graph: Graph,
  rule: TopologyNode | null,
  controllers: Controllers,
  context: ChecklistContext,
): Answer {
  const judged = rule ? verdictOf(findingsOf(graph, rule.findings, NOT_INSTALLED)) : null;
  if (judged) return judged;
  const found = controllers.serving.length > 0 ? controllers.serving : controllers.all;
  if (found.length > 0) {
    return {
      verdict: 'pass',
      detail: found.map(nameOf).join(', '),
      evidence: found.map((node) =>
        fact(node, 'spec.template.spec.containers[].image', imageOf(node), context),
      ),
    };
  }
  const blind = context.limitedView
    ? 'only some namespaces are watched; a controller may run in another one'
    : WORKLOADS.map((resource) => unseen(context, resource)).find((reason) => reason !== null);
  if (blind) return { verdict: 'unknown', detail: blind };
  return {
    verdict: 'fail',
    detail: 'no workload of this cluster is a known ingress controller',
    evidence: [{ ref: null, path: WORKLOADS.join(', '), value: 'none recognised', at: context.takenAt }],
  };
}

function nameOf(node: TopologyNode): string {
  const { title, type = 'unknown', version = '', outside } = detailOf(node);
  const what = `${title ?? type}${version ? ` ${version}` : ''}`;
  return outside ? `${what}, outside the cluster` : `${what} (${node.namespace}/${node.name})`;
}

function imageOf(node: TopologyNode): string {
  const { image = '', evidence = [] } = detailOf(node);
  return image || evidence.join('; ');
}

/** Question 2: the best of several, for one that runs can serve. */
export function running(graph: Graph, controllers: Controllers, context: ChecklistContext): Answer {
  const found = controllers.serving.length > 0 ? controllers.serving : controllers.all;
  if (found.length === 0) return notLooked('no controller was found');
  const alive = found.filter((node) => (detailOf(node).ready ?? 0) > 0);
  const counts = (nodes: readonly TopologyNode[]) => ({
    evidence: nodes.map((node) => fact(node, 'status.readyReplicas', countOf(node), context)),
    detail: nodes.map((node) => `${node.name}: ${countOf(node)} pods ready`).join('; '),
  });
  if (alive.length > 0) return { verdict: 'pass', ...counts(alive) };
  const ids = found.flatMap((node) => node.findings);
  const judged = verdictOf(findingsOf(graph, ids, NOT_RUNNING));
  if (judged) return judged;
  if (found.every((node) => detailOf(node).outside)) {
    return notLooked('it runs outside the cluster: its processes cannot be seen from here');
  }
  return { verdict: 'unknown', detail: 'its pods could not be counted' };
}

function countOf(node: TopologyNode): string {
  const { ready = 0, desired = 0 } = detailOf(node);
  return `${ready} of ${desired}`;
}

/** Question 3: what leads to the controller, or, for a cloud's own load balancer, to the rule. */
export function exposed(
  graph: Graph,
  rule: TopologyNode | null,
  controllers: Controllers,
  context: ChecklistContext,
): Answer {
  const found = controllers.serving.length > 0 ? controllers.serving : controllers.all;
  if (found.length === 0) return notLooked('no controller was found');
  const ends = [...found.map((node) => node.id), ...(rule ? [rule.id] : [])];
  const balancers = balancersOf(graph, ends);
  const open = balancers.filter((node) => !lbOf(node).pending);
  if (open.length > 0) {
    return {
      verdict: 'pass',
      detail: `${open.map(wayOf).join(', ')}; whether a firewall lets traffic through cannot be seen from here`,
      evidence: open.map((node) => fact(node, pathOf(lbOf(node).type), wayOf(node), context)),
    };
  }
  const pending = findingsOf(
    graph,
    balancers.flatMap((node) => node.findings),
    PENDING,
  );
  if (balancers.length > 0) {
    const overdue = verdictOf(pending.filter((finding) => finding.settled));
    return overdue ?? { verdict: 'unknown', detail: 'no address yet: that may take some minutes' };
  }
  const judged = verdictOf(
    findingsOf(
      graph,
      found.flatMap((node) => node.findings),
      NOT_EXPOSED,
    ),
  );
  return judged ?? { verdict: 'unknown', detail: 'what stands in front of it is not known' };
}

function balancersOf(graph: Graph, ends: readonly string[]): readonly TopologyNode[] {
  const into = ends.flatMap((id) => [...edges(graph, graph.in(id))]);
  const ids = new Set(into.filter((edge) => edge.kind === 'exposes').map((edge) => edge.source));
  return [...ids].sort().flatMap((id) => {
    const node = graph.nodes.get(id);
    return node?.kind === 'loadbalancer' ? [node] : [];
  });
}

const FIELDS: Readonly<Record<LoadBalancerDetail['type'], string>> = {
  LoadBalancer: 'status.loadBalancer.ingress',
  Ingress: 'status.loadBalancer.ingress',
  NodePort: 'spec.ports[].nodePort',
  Nodes: 'spec.template.spec.containers[].ports[].hostPort',
};

function pathOf(type: LoadBalancerDetail['type']): string {
  return FIELDS[type] ?? FIELDS.LoadBalancer;
}

function wayOf(node: TopologyNode): string {
  const { type, addresses, ports } = lbOf(node);
  const at = addresses.slice(0, 3).join(', ') + (addresses.length > 3 ? ', …' : '');
  if (type === 'LoadBalancer' || type === 'Ingress') return `load balancer ${at}`;
  return `${type === 'NodePort' ? 'node port' : 'node'} ${ports.join(', ')}${at ? ` at ${at}` : ''}`;
}

/** The build writes these details whole, so the shape is known by the kind. */
function detailOf(node: TopologyNode): Detail {
  return node.detail as Detail;
}

function lbOf(node: TopologyNode): LoadBalancerDetail {
  return node.detail as unknown as LoadBalancerDetail;
}

function fact(node: TopologyNode, path: string, value: string, context: ChecklistContext): Evidence {
  return { ref: node.ref ?? null, path, value, at: context.takenAt };
}
