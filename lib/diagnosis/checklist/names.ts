/** Questions 4 and 5: does DNS point here, and does an Ingress name this host and path. */
import type { HostDetail } from '@/lib/topology/details';
import type { Graph } from '@/lib/topology/graph';
import { hostId } from '@/lib/topology/ids';
import type { Evidence, TopologyNode } from '@/lib/topology/model';
import { type Answer, type ChecklistContext, findingsOf, notLooked, unseen, verdictOf } from './answer';
import { detailOf, type FoundRule } from './find-rule';

const DNS = new Set(['dns-name-unresolved', 'dns-points-elsewhere', 'dns-partial-mismatch']);

/** Question 4. */
export function resolves(graph: Graph, host: string, context: ChecklistContext): Answer {
  if (host === '') return notLooked('a rule for every host has no name of its own to resolve');
  if (host.startsWith('*')) return notLooked('a wildcard is no name that can be resolved');
  const node = graph.nodes.get(hostId(host));
  if (!node) return notLooked('only names that an Ingress or a Service lists are resolved');
  const detail = node.detail as Partial<HostDetail> & { readonly dns?: string };
  const checkedAt = context.dnsAt ?? context.takenAt;
  const judged = verdictOf(findingsOf(graph, node.findings, DNS));
  if (judged) return { ...judged, checkedAt };
  const evidence = evidenceOf(detail, checkedAt);
  switch (detail.dns) {
    case 'here':
      return { verdict: 'pass', detail: `it resolves to ${addressWords(detail)}`, evidence, checkedAt };
    case 'cold':
      return notLooked('no DNS server has answered yet');
    case 'nothing-expected':
      return {
        verdict: 'unknown',
        detail: 'its load balancer has no address to compare with',
        evidence,
        checkedAt,
      };
    case 'elsewhere':
      return {
        verdict: 'unknown',
        detail: `it resolves to ${addressWords(detail)}, which this cluster does not know`,
        evidence,
        checkedAt,
      };
    default:
      return notLooked('this name is not resolved: DNS checks are off, or only a private resolver knows it');
  }
}

function addressWords(detail: Partial<HostDetail>): string {
  return [...(detail.cnames ?? []), ...(detail.addresses ?? [])].join(', ') || 'an address of this cluster';
}

function evidenceOf(detail: Partial<HostDetail>, at: string): readonly Evidence[] {
  return (detail.points ?? []).map((point) => ({
    ref: null,
    path: `DNS ${point.server}`,
    value: point.outcome === 'ok' ? point.addresses.join(', ') : point.outcome,
    at,
  }));
}

/** Question 5. */
export function ruleExists(
  graph: Graph,
  request: { readonly host: string; readonly path: string },
  found: FoundRule,
  context: ChecklistContext,
): Answer {
  if (found.type === 'rule') return ruleFound(request.host, found.rule, found.equals, context);
  if (found.type === 'pattern') {
    const where = found.rules.map((rule) => `${detailOf(rule).path} (${ingressOf(rule)})`).join(', ');
    return {
      verdict: 'unknown',
      detail: `only a pattern may match, and its meaning is the controller's own: ${where}`,
      evidence: found.rules.map((rule) => ruleEvidence(rule, context)),
    };
  }
  const blind = unseen(context, 'ingresses');
  if (blind) return { verdict: 'unknown', detail: blind };
  const direct = graph.nodes.has(hostId(request.host))
    ? '; a Service claims the name directly, without an Ingress'
    : '';
  const detail =
    found.type === 'no-path'
      ? `no rule of ${request.host || 'every host'} takes ${request.path}; there ${found.paths.length === 1 ? 'is' : 'are'} ${found.paths.slice(0, 8).join(', ')}${near(found.near)}`
      : `no Ingress names ${request.host || 'every host'}${near(found.near)}${direct}`;
  return {
    verdict: 'fail',
    detail,
    evidence: [{ ref: null, path: 'ingresses[].spec.rules[].host', value: 'not found', at: context.takenAt }],
  };
}

function near(name: string | null): string {
  return name === null ? '' : `; near: ${name}`;
}

function ruleFound(
  host: string,
  rule: TopologyNode,
  equals: readonly TopologyNode[],
  context: ChecklistContext,
): Answer {
  const detail = detailOf(rule);
  const what = detail.path === '' ? 'as default backend' : `${detail.path} (${detail.pathType})`;
  const wide = detail.host === host ? '' : ` by its rule for ${detail.host || 'every host'}`;
  const others = [...new Set(equals.map(ingressOf))].filter((name) => name !== ingressOf(rule));
  const also = others.length > 0 ? `; the same rule stands in ${others.join(', ')}` : '';
  return {
    verdict: 'pass',
    detail: `Ingress ${ingressOf(rule)} has ${what}${wide}${also}`,
    evidence: [rule, ...equals].slice(0, 5).map((node) => ruleEvidence(node, context)),
  };
}

function ingressOf(rule: TopologyNode): string {
  return `${rule.namespace}/${detailOf(rule).ingress}`;
}

function ruleEvidence(rule: TopologyNode, context: ChecklistContext): Evidence {
  return { ref: rule.ref ?? null, path: 'spec.rules', value: rule.name, at: context.takenAt };
}
