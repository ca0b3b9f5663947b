/** The rail's order: problems by cause, by hop, by namespace or by team, and which of them are shown. Pure. */
import { HOP_WORD } from '@/components/learn/hops';
import { textOf } from '@/lib/topology/detail-reads';
import type { Hop, Severity, TopologyNode } from '@/lib/topology/model';
import type { Problem, Problems } from '@/lib/topology/problems';

export const GROUPINGS = ['cause', 'hop', 'namespace', 'team'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const SEVERITIES = ['broken', 'degraded', 'warning', 'info'] as const satisfies readonly Severity[];
export const IMPACTS = ['traffic', 'risk'] as const;

export interface ProblemGroup {
  /** Empty where there is only one group. */
  readonly title: string;
  readonly problems: readonly Problem[];
}

const HOPS = Object.keys(HOP_WORD) as Hop[];
const NO_TEAM = 'no team named';
const WHOLE_CLUSTER = 'the whole cluster';

/** Problems in groups, each in the given order; groups by hop in the order of the way, others by name. */
export function groupsOf(
  problems: readonly Problem[],
  by: Grouping,
  nodes: ReadonlyMap<string, TopologyNode>,
): readonly ProblemGroup[] {
  if (by === 'cause') return [{ title: '', problems }];
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    const title = titleOf(problem, by, nodes);
    const before = groups.get(title);
    if (before) before.push(problem);
    else groups.set(title, [problem]);
  }
  const rank = (title: string) =>
    by === 'hop' ? HOPS.findIndex((hop) => HOP_WORD[hop] === title) : Number(title === NO_TEAM);
  return [...groups]
    .map(([title, list]) => ({ title, problems: list }))
    .sort((a, b) => rank(a.title) - rank(b.title) || (a.title < b.title ? -1 : 1));
}

function titleOf(
  { root, symptom, affects }: Problem,
  by: 'hop' | 'namespace' | 'team',
  nodes: ReadonlyMap<string, TopologyNode>,
): string {
  if (by === 'hop') return HOP_WORD[root.hop] ?? root.hop;
  const harmed = affects.map(({ rule }) => nodes.get(rule)).find((node) => node !== undefined);
  if (by === 'namespace')
    return harmed?.namespace || symptom.subject.namespace || root.subject.namespace || WHOLE_CLUSTER;
  return (harmed && textOf(harmed.detail, 'team')) || NO_TEAM;
}

/** Whether something may be left out. */
export function isNarrowed({
  severity,
  impact,
}: {
  readonly severity: readonly string[];
  readonly impact: readonly string[];
}): boolean {
  return severity.length > 0 || impact.length > 0;
}

/** Only what is asked for: empty lists ask for everything. */
export function narrowed(
  problems: Problems,
  severities: readonly string[],
  impacts: readonly string[],
): Problems {
  const wanted = (severity: Severity) => severities.length === 0 || severities.includes(severity);
  const traffic = impacts.length === 0 || impacts.includes('traffic');
  const risk = impacts.length === 0 || impacts.includes('risk');
  return {
    broken: traffic ? problems.broken.filter(({ severity }) => wanted(severity)) : [],
    unknown: traffic ? problems.unknown.filter(({ severity }) => wanted(severity)) : [],
    expected: problems.expected.filter(({ problem }) => wanted(problem.severity)),
    risks: risk ? problems.risks.filter(({ severity }) => wanted(severity)) : [],
  };
}
