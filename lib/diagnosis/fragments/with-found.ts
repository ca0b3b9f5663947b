/** What the plugged-in checks found, taken over into a unit's fragment. */
import type { Found } from '@/lib/diagnosis/check';
import type { Draft, Fragment } from '@/lib/diagnosis/draft';
import { affected } from '@/lib/diagnosis/symptoms';
import type { Status, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import type { Rule } from '@/lib/topology/rules';
import { worse } from '@/lib/topology/status';

type Drawn = Pick<TopologyNode | TopologyEdge, 'status' | 'findings'>;

function painted<T extends Drawn>(drawn: T, found: readonly Found[]): T {
  if (found.length === 0) return drawn;
  let status: Status = drawn.status;
  for (const entry of found) if (entry.status) status = worse(status, entry.status);
  const ids = found.map((entry) => entry.draft.id);
  return { ...drawn, status, findings: [...new Set([...drawn.findings, ...ids])] };
}

/** A fragment whose node with this id is told of what was found. */
export function withFoundAt(fragment: Fragment, id: string, found: readonly Found[]): Fragment {
  if (found.length === 0) return fragment;
  return {
    nodes: fragment.nodes.map((node) => (node.id === id ? painted(node, found) : node)),
    edges: fragment.edges,
    findings: [...fragment.findings, ...found.map((entry) => entry.draft)],
  };
}

/** The same for an Ingress, whose findings concern some of its rules, or the links beside them. */
export function withFoundAtRules(
  fragment: Fragment,
  rules: readonly Rule[],
  found: readonly Found[],
): Fragment {
  if (found.length === 0) return fragment;
  const ids = new Set(rules.map((rule) => rule.id));
  const of = (rule: string) => found.filter((entry) => entry.rules?.includes(rule) ?? true);
  return {
    nodes: fragment.nodes.map((node) => (ids.has(node.id) ? painted(node, of(node.id)) : node)),
    edges: fragment.edges.map((edge) => {
      if (edge.kind === 'routes' && ids.has(edge.source))
        return painted(
          edge,
          of(edge.source).filter((entry) => entry.at === 'route'),
        );
      if (edge.kind === 'serves' && ids.has(edge.target))
        return painted(
          edge,
          of(edge.target).filter((entry) => entry.at === 'serves'),
        );
      return edge;
    }),
    findings: [...fragment.findings, ...found.map((entry) => harming(entry, rules))],
  };
}

/** Whom a finding harms, where the check has not said it and traffic is at stake. */
function harming({ draft, rules: concerned }: Found, rules: readonly Rule[]): Draft {
  if (draft.affects.length > 0 || draft.impact === 'risk') return draft;
  const harmed = concerned ? rules.filter((rule) => concerned.includes(rule.id)) : rules;
  return { ...draft, affects: affected(harmed, null) };
}
