/** Question 10: do NetworkPolicies let the controller through. */
import type { Graph } from '@/lib/topology/graph';
import type { TopologyNode } from '@/lib/topology/model';
import { type Answer, type ChecklistContext, findingsOf, unseen, verdictOf } from './answer';

/**
 * What was found on the way of a rule, policies of other kinds that concern it included; a pass only where policies can be
 * read, and no kind of policy is installed that is not.
 */
export function policiesLetThrough(graph: Graph, rule: TopologyNode, context: ChecklistContext): Answer {
  const codes = new Set(
    rule.findings.flatMap((id) => {
      const finding = graph.findings.get(id);
      return finding?.hop === 'networkpolicy' ? [finding.code] : [];
    }),
  );
  const judged = verdictOf(findingsOf(graph, rule.findings, codes));
  if (judged) return judged;
  const blind =
    unseen(context, 'networkpolicies') ?? unseen(context, 'pods') ?? unseen(context, 'endpointslices');
  if (blind)
    return { verdict: 'unknown', detail: `whether NetworkPolicies stop this cannot be told: ${blind}` };
  const foreign = [...graph.findings.values()].find(({ code }) => code === 'networkpolicy-foreign-present');
  if (foreign)
    return {
      verdict: 'unknown',
      detail: `no NetworkPolicy stops it, but ${foreign.detail}`,
      evidence: foreign.evidence,
      findings: [foreign.id],
    };
  return {
    verdict: 'pass',
    detail: 'no NetworkPolicy stands between the controller and the pods behind this rule',
  };
}
