/** Findings → what the rail lists: one entry per root cause, the symptom first. Pure. */
import { textOf } from '@/lib/topology/detail-reads';
import type { Affected, Finding, Severity, TopologyNode } from '@/lib/topology/model';
import { shortRoute } from '@/lib/topology/text';

export interface Problem {
  /** Id of the root cause. */
  readonly id: string;
  readonly root: Finding;
  /** What users notice: the finding that nothing else follows from. */
  readonly symptom: Finding;
  /** From the symptom down to the root. */
  readonly chain: readonly Finding[];
  readonly severity: Severity;
  /** Everything harmed, once each. */
  readonly affects: readonly Affected[];
  readonly since: string | null;
  readonly members: readonly Finding[];
}

/** What somebody has marked as expected. */
export interface Mark {
  /** Id of the finding at the root of a problem. */
  readonly id: string;
  /** RFC 3339. */
  readonly until: string;
  readonly note: string;
  /** What the finding rested on when it was marked. */
  readonly fingerprint: string;
  /** Who set it, as signed in; empty or missing: nobody is known. */
  readonly by?: string;
}

export interface ExpectedProblem {
  readonly problem: Problem;
  readonly mark: Mark;
}

export interface Problems {
  readonly broken: readonly Problem[];
  readonly unknown: readonly Problem[];
  readonly risks: readonly Finding[];
  /** Marked as expected until some time. */
  readonly expected: readonly ExpectedProblem[];
}

const RANK: Readonly<Record<Severity, number>> = { broken: 0, degraded: 1, warning: 2, info: 3 };

/** Sorts settled findings into problems, unknowns and risks; worst first. */
export function problemsOf(findings: ReadonlyMap<string, Finding>): Problems {
  const shown = [...findings.values()].filter((finding) => finding.settled);
  const traffic = shown.filter((finding) => finding.impact === 'traffic');
  const open = traffic.filter((finding) => finding.state === 'open' && finding.severity !== 'info');
  const unknown = traffic.filter((finding) => finding.state === 'unknown');
  const risks = shown.filter((finding) => finding.impact === 'risk' || isHint(finding));
  return {
    broken: group(open, findings),
    unknown: group(unknown, findings),
    risks: risks.sort((a, b) => RANK[a.severity] - RANK[b.severity] || byId(a, b)),
    expected: [],
  };
}

/** What follows from another finding is told there. */
function isHint({ state, severity, cause }: Finding): boolean {
  return state === 'open' && severity === 'info' && cause === null;
}

/** All problems, those that are expected too. */
export function everyProblem({ broken, unknown, expected }: Problems): readonly Problem[] {
  return [...broken, ...unknown, ...expected.map(({ problem }) => problem)];
}

function group(list: readonly Finding[], all: ReadonlyMap<string, Finding>): Problem[] {
  const members = new Map<string, Finding[]>();
  for (const finding of list) {
    const root = causes(finding, all).at(-1) ?? finding;
    const before = members.get(root.id);
    if (before) before.push(finding);
    else members.set(root.id, [finding]);
  }
  return [...members].map(([id, found]) => problem(id, found, all)).sort(worstFirst);
}

function problem(id: string, found: readonly Finding[], all: ReadonlyMap<string, Finding>): Problem {
  const explained = new Set(found.map((finding) => finding.cause));
  // What explains nothing further is what the user sees; the most harmful of those leads.
  const symptoms = found.filter((finding) => !explained.has(finding.id)).sort(leading);
  const symptom = symptoms[0] ?? found[0];
  const root = all.get(id) ?? symptom;
  if (!symptom || !root) throw new Error(`a problem without findings: ${id}`);
  return {
    id,
    root,
    symptom,
    chain: causes(symptom, all),
    severity: found.reduce<Severity>(
      (worst, { severity }) => (RANK[severity] < RANK[worst] ? severity : worst),
      'info',
    ),
    affects: distinct(found.flatMap((finding) => finding.affects)),
    since: earliest([root, ...found]),
    members: found,
  };
}

/** A finding and what explains it, down to the root; a circle of causes ends where it closes. */
export function causes(finding: Finding, all: ReadonlyMap<string, Finding>): readonly Finding[] {
  const chain = [finding];
  const seen = new Set([finding.id]);
  let next = finding.cause;
  while (next !== null && !seen.has(next)) {
    const cause = all.get(next);
    if (!cause) break;
    chain.push(cause);
    seen.add(next);
    next = cause.cause;
  }
  return chain;
}

function leading(a: Finding, b: Finding): number {
  return RANK[a.severity] - RANK[b.severity] || b.affects.length - a.affects.length || byId(a, b);
}

function worstFirst(a: Problem, b: Problem): number {
  return RANK[a.severity] - RANK[b.severity] || b.affects.length - a.affects.length || byId(a, b);
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function distinct(affects: readonly Affected[]): Affected[] {
  const found = new Map<string, Affected>();
  for (const item of affects) {
    const before = found.get(item.rule);
    if (!before || (before.answer === null && item.answer !== null)) found.set(item.rule, item);
  }
  return [...found.values()];
}

/** The earliest known start. One that was there from the start makes the whole problem so old. */
function earliest(list: readonly Finding[]): string | null {
  let first: string | null = list[0]?.since ?? null;
  for (const { since } of list) {
    if (since === null) return null;
    if (first === null || since < first) first = since;
  }
  return first;
}

/** What else is harmed, beside what the title says already: `www…/watch`. */
export function alsoHarmed(problem: Problem, nodes: ReadonlyMap<string, TopologyNode>): readonly string[] {
  const labels = problem.affects
    .filter((item) => !namedIn(problem.symptom.title, item, nodes))
    .map((item) => affectedLabel(item, nodes));
  return [...new Set(labels)];
}

/** A rule as `host/path`, short. */
export function affectedLabel(item: Affected, nodes: ReadonlyMap<string, TopologyNode>): string {
  const rule = nodes.get(item.rule);
  if (rule?.kind === 'rule') return shortRoute(textOf(rule.detail, 'host'), textOf(rule.detail, 'path'), 30);
  return shortRoute(nodes.get(item.host)?.name ?? rule?.name ?? item.host.slice(5), '', 30);
}

function namedIn(title: string, item: Affected, nodes: ReadonlyMap<string, TopologyNode>): boolean {
  const rule = nodes.get(item.rule);
  const host = rule?.kind === 'rule' ? textOf(rule.detail, 'host') : (nodes.get(item.host)?.name ?? '');
  const path = rule?.kind === 'rule' ? textOf(rule.detail, 'path') : '';
  const words = title.replace(/^https?:\/\//, '');
  if (host === '' || !words.startsWith(host)) return false;
  // `a.com/watch` in the title names /watch, not /watch/more and not /.
  const said = words.slice(host.length).split(/[\s:]/)[0] ?? '';
  return said === path || (said === '' && (path === '/' || path === ''));
}

/** The node to focus for a problem: the rule it harms, or what several harmed rules share. */
export function focusOf(problem: Problem, nodes: ReadonlyMap<string, TopologyNode>): string | null {
  const harmed = problem.affects.map((item) => item.rule).filter((id) => nodes.has(id));
  if (harmed.length === 1 && harmed[0] !== undefined) return harmed[0];
  const shared = [problem.root, ...problem.chain]
    .map((finding) => subjectNode(finding, nodes))
    .find((id) => id !== null);
  const drawn =
    shared ?? harmed[0] ?? problem.affects.map((item) => item.host).find((id) => nodes.has(id)) ?? null;
  // What is folded away is asked of the server.
  return drawn ?? problem.affects[0]?.rule ?? null;
}

/** The node at which a finding stands. */
export function nodeOf(finding: Finding, nodes: ReadonlyMap<string, TopologyNode>): string | null {
  const subject = subjectNode(finding, nodes);
  if (subject !== null) return subject;
  // Of several that carry it, the one furthest along the chain is nearest to the fault.
  const carriers = [...nodes.values()].filter((node) => node.findings.includes(finding.id));
  carriers.sort((a, b) => DEPTH.indexOf(b.kind) - DEPTH.indexOf(a.kind) || (a.id < b.id ? -1 : 1));
  return carriers[0]?.id ?? null;
}

const DEPTH: readonly string[] = [
  'host',
  'loadbalancer',
  'address',
  'controller',
  'class',
  'rule',
  'secret',
  'service',
  'pod',
];

/** Whether nothing that could be drawn stands for a problem: a webhook of the whole cluster, for one. */
export function isGeneral(problem: Problem, nodes: ReadonlyMap<string, TopologyNode>): boolean {
  return (
    focusOf(problem, nodes) === null &&
    nodeOf(problem.symptom, nodes) === null &&
    nodeOf(problem.root, nodes) === null
  );
}

/** The node that stands for a finding's subject. An Ingress has a node for each rule: the harmed one is meant. */
function subjectNode(finding: Finding, nodes: ReadonlyMap<string, TopologyNode>): string | null {
  const { subject, affects } = finding;
  for (const { id, kind, ref } of nodes.values()) {
    if (ref?.kind !== subject.kind || ref.name !== subject.name || ref.namespace !== subject.namespace)
      continue;
    if (kind !== 'rule' || affects.length === 0 || affects.some((item) => item.rule === id)) return id;
  }
  return null;
}
