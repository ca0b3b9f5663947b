/** Question 11: do the controller's logs complain. */

import { patternsOf } from '@/lib/controllers/log-patterns';
import type { ControllerType } from '@/lib/controllers/types';
import type { ControllerDetail } from '@/lib/topology/details';
import type { Graph } from '@/lib/topology/graph';
import type { Finding, TopologyNode } from '@/lib/topology/model';
import { type Answer, type ChecklistContext, findingsOf, notLooked, verdictOf } from './answer';
import type { Controllers } from './controller';

const SAID_IN_LOGS = new Set([
  'controller-log-config-rejected',
  'controller-log-ingress-ignored',
  'controller-log-missing-backend',
  'controller-log-no-endpoints',
  'controller-log-tls-fallback',
  'controller-log-upstream-error',
  'controller-reload-failed',
]);

/** What the logs say of this rule, or of the controller as a whole; a pass only where every log was read. */
export function logsComplain(
  graph: Graph,
  rule: TopologyNode | null,
  controllers: Controllers,
  context: ChecklistContext,
): Answer {
  const found = controllers.serving.length > 0 ? controllers.serving : controllers.all;
  if (found.length === 0) return notLooked('no controller was found');
  const ids = [...found.flatMap((node) => node.findings), ...(rule?.findings ?? [])];
  const said = findingsOf(graph, ids, SAID_IN_LOGS);
  const isOurs = (finding: Finding) => concerns(graph, rule, finding);
  const [ours, others] = [said.filter(isOurs), said.filter((finding) => !isOurs(finding))];
  const judged = answering(ours);
  if (judged?.verdict === 'fail') return judged;
  const unread = found.map(whyUnread).find((reason) => reason !== null);
  if (unread) return notLooked(unread);
  if (judged) return judged;
  return {
    verdict: 'pass',
    detail: `the newest lines hold no complaint ${rule ? 'about this rule' : 'of the kinds known'}${
      others.length > 0 ? `; other rules: ${others.map(({ title }) => title).join('; ')}` : ''
    }`,
    evidence: found.map((node) => ({
      ref: node.ref ?? null,
      path: 'log',
      value: 'read',
      at: context.takenAt,
    })),
    findings: others.map(({ id }) => id),
  };
}

/** Whom a complaint harms is told by what explains it; one that names no rule concerns them all. */
function concerns(graph: Graph, rule: TopologyNode | null, { affects, cause }: Finding): boolean {
  const explained = cause === null ? undefined : graph.findings.get(cause);
  const harmed = [...affects, ...(explained?.affects ?? [])];
  return !rule || harmed.length === 0 || harmed.some((affected) => affected.rule === rule.id);
}

/** Here an echo counts as well: the log does complain. */
function answering(findings: readonly Finding[]): Answer | null {
  return verdictOf(
    findings.map((finding) => (finding.severity === 'info' ? { ...finding, severity: 'warning' } : finding)),
  );
}

function whyUnread(node: TopologyNode): string | null {
  const {
    log,
    type = 'unknown',
    outside,
  } = node.detail as Partial<ControllerDetail> & {
    readonly outside?: boolean;
  };
  if (log?.state === 'read') return null;
  if (log) return `the log of ${node.name} cannot be read: ${log.reason}`;
  if (outside) return 'it runs outside the cluster: its log cannot be read from here';
  return patternsOf(type as ControllerType).length === 0
    ? `what the log of ${node.name} would say of a fault is not known`
    : `the log of ${node.name} has not been read yet`;
}
