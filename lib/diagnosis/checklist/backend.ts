/** Questions 6 to 8: the class, the Service with its port, and who is ready behind it. */
import { edges } from '@/lib/topology/chains';
import type { ServiceDetail } from '@/lib/topology/details';
import type { Graph } from '@/lib/topology/graph';
import type { Evidence, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { type Answer, type ChecklistContext, findingsOf, notLooked, unseen, verdictOf } from './answer';
import type { Controllers } from './controller';
import { detailOf } from './find-rule';

const CLASS = new Set([
  'ingress-class-missing',
  'ingress-class-unset',
  'ingress-class-no-controller',
  'controller-watch-scope-excludes',
]);
const NO_CONTROLLER = new Set(['controller-missing', 'controller-k8s-version-unsupported']);
const SERVICE = new Set([
  'service-missing',
  'service-in-other-namespace',
  'service-port-missing',
  'service-port-is-targetport',
]);

/** Question 6. */
export function classRight(
  graph: Graph,
  rule: TopologyNode,
  controllers: Controllers,
  context: ChecklistContext,
): Answer {
  const judged = verdictOf(findingsOf(graph, rule.findings, CLASS));
  if (judged) return judged;
  const name = detailOf(rule).class;
  const certain = [...edges(graph, graph.in(rule.id))].filter(
    (edge) => edge.kind === 'serves' && edge.label !== 'not known',
  );
  const serving = controllers.serving.filter((node) => certain.some((edge) => edge.source === node.id));
  if (serving.length > 0) {
    const takers = serving.map((node) => node.name).join(', ');
    return {
      verdict: 'pass',
      detail:
        name === null
          ? `no class named, and ${takers} takes such Ingresses`
          : `class ${name} is served by ${takers}`,
      evidence: [fact(rule, 'spec.ingressClassName', name ?? 'not set', context)],
    };
  }
  const absent = findingsOf(graph, rule.findings, NO_CONTROLLER);
  if (absent.length > 0) return { verdict: 'unknown', detail: 'no controller is there to take any class' };
  return { verdict: 'unknown', detail: reasonOf(rule) || 'who serves this class is not known' };
}

/** Question 7. */
export function serviceThere(graph: Graph, rule: TopologyNode, context: ChecklistContext): Answer {
  const found = findingsOf(graph, rule.findings, SERVICE);
  // A port that is only a target port is tolerated by some controllers: then it is merely said.
  const tolerated = found.every((finding) => finding.severity === 'warning');
  const judged = verdictOf(found);
  if (judged && !(tolerated && judged.verdict === 'fail')) return judged;
  const detail = detailOf(rule);
  const link = routeOf(graph, rule);
  const service = link ? graph.nodes.get(link.target) : undefined;
  if (!link || !service) return notLooked(reasonOf(rule) || 'the rule names no Service');
  const gone = service.status === 'unknown' && service.ref?.uid === undefined;
  if (gone || detail.port === null) {
    return { verdict: 'unknown', detail: reasonOf(rule) || reasonOf(service) || 'the backend names no port' };
  }
  const aside = judged ? `; ${judged.detail}` : '';
  return {
    verdict: 'pass',
    detail: `Service ${service.name} has port ${link.port ?? detail.port}${aside}`,
    evidence: [fact(service, 'spec.ports', portsOf(service), context)],
  };
}

function portsOf(service: TopologyNode): string {
  const { ports = [] } = service.detail as { ports?: readonly { port: number; name: string }[] };
  return ports.map(({ port, name }) => (name ? `${port} (${name})` : String(port))).join(', ');
}

/** Question 8. */
export function endpointsReady(graph: Graph, rule: TopologyNode, context: ChecklistContext): Answer {
  const link = routeOf(graph, rule);
  if (!link) return notLooked(reasonOf(rule) || 'the rule names no Service');
  if (findingsOf(graph, rule.findings, SERVICE).some((finding) => finding.severity === 'broken')) {
    return notLooked('no Service with that port');
  }
  const blind = unseen(context, 'endpointslices');
  const { ends, service } = endsOf(graph, link.target, link.port, new Set());
  const outside = ends.find((edge) => edge.target.startsWith('external:'));
  if (outside)
    return notLooked(`${graph.nodes.get(outside.target)?.name} lies outside: its health is not known`);
  const { ready, total } = countOf(graph, ends, service);
  const counted = `${ready} of ${total} endpoints ready`;
  const evidence = [fact(service ?? rule, 'endpointslices[].endpoints', counted, context)];
  if (ready > 0) return { verdict: 'pass', detail: counted, evidence };
  if (blind) return { verdict: 'unknown', detail: blind };
  const judged = verdictOf([...new Set(link.findings)].flatMap((id) => graph.findings.get(id) ?? []));
  if (judged) return { ...judged, evidence: [...evidence, ...(judged.evidence ?? [])] };
  if (link.status === 'unknown')
    return { verdict: 'unknown', detail: reasonOf(rule) || 'endpoints are not known' };
  return { verdict: 'fail', detail: counted, evidence };
}

/** By the edges of this port; a Service that no live rule leads to has none drawn, and says it for its worst port. */
function countOf(
  graph: Graph,
  ends: readonly TopologyEdge[],
  service: TopologyNode | undefined,
): { readonly ready: number; readonly total: number } {
  if (ends.length === 0) {
    const { ready = 0, total = 0 } = (service?.detail ?? {}) as Partial<ServiceDetail>;
    return { ready, total };
  }
  const real = ends.filter((edge) => graph.nodes.get(edge.target)?.detail.ghost !== true);
  return { ready: real.filter((edge) => edge.status === 'ok').length, total: real.length };
}

interface Ends {
  readonly ends: readonly TopologyEdge[];
  readonly service: TopologyNode | undefined;
}

/** What stands behind a Service port; an alias (ExternalName inside the cluster) leads on to the real Service. */
function endsOf(graph: Graph, id: string, port: number | string | undefined, seen: Set<string>): Ends {
  seen.add(id);
  const service = graph.nodes.get(id);
  const out = [...edges(graph, graph.out(id))].filter((edge) => edge.kind === 'backs');
  const alias = out.find((edge) => edge.target.startsWith('service:') && !seen.has(edge.target));
  if (alias) return endsOf(graph, alias.target, alias.port ?? port, seen);
  const same = (edge: TopologyEdge) =>
    port === undefined || edge.port === undefined || String(edge.port) === String(port);
  return { ends: out.filter(same), service };
}

function routeOf(graph: Graph, rule: TopologyNode): TopologyEdge | undefined {
  return [...edges(graph, graph.out(rule.id))].find((edge) => edge.kind === 'routes');
}

function reasonOf(node: TopologyNode): string {
  return typeof node.detail.reason === 'string' ? node.detail.reason : '';
}

function fact(node: TopologyNode, path: string, value: string, context: ChecklistContext): Evidence {
  return { ref: node.ref ?? null, path, value, at: context.takenAt };
}
