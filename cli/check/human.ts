/* The result for a person. */
import type { Finding, Severity } from '@/lib/topology/model';
import { type CheckResult, type Located, SEVERITIES } from './result';

const COLOURS: Readonly<Record<Severity, string>> = {
  broken: '\u001b[31m',
  degraded: '\u001b[33m',
  warning: '\u001b[33m',
  info: '\u001b[36m',
};
const PLAIN = '\u001b[0m';

/** Control characters of a cluster's texts must not reach a terminal. */
export function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}

function causes(finding: Finding, all: ReadonlyMap<string, Finding>): readonly Finding[] {
  const found: Finding[] = [];
  for (let id = finding.cause; id !== null; ) {
    const cause = all.get(id);
    if (!cause || found.includes(cause)) break;
    found.push(cause);
    id = cause.cause;
  }
  return found;
}

function entry({ finding, place }: Located, all: ReadonlyMap<string, Finding>, colour: boolean): string {
  const { severity, state, code } = finding;
  const word = state === 'unknown' ? 'unknown' : severity;
  const mark = colour && state === 'open' ? `${COLOURS[severity]}${word}${PLAIN}` : word;
  const lines = [
    `${mark}  ${visible(finding.title)}  [${code}]`,
    ...(place ? [`    at ${place.file}:${place.line}`] : []),
    `    ${visible(finding.detail)}`,
    ...causes(finding, all).map((cause) => `    because ${visible(cause.detail || cause.title)}`),
    `    → ${visible(finding.fix.summary)}`,
  ];
  return lines.join('\n');
}

function counted(findings: readonly Located[]): string {
  const open = findings.filter(({ finding }) => finding.state === 'open');
  const parts = SEVERITIES.map((severity) => {
    const n = open.filter(({ finding }) => finding.severity === severity).length;
    return n === 0 ? '' : `${n} ${severity}`;
  });
  const unknown = findings.length - open.length;
  return [...parts, unknown === 0 ? '' : `${unknown} unknown`].filter((text) => text !== '').join(', ');
}

/** Worse is less: what harms traffic first, then what is not known of it, then risks. */
function rank({ impact, state, severity }: Finding): number {
  return (impact === 'risk' ? 10 : 0) + (state === 'unknown' ? 5 : 0) + SEVERITIES.indexOf(severity);
}

/** A note that follows from another finding: a log line about what is told already. */
function isEcho({ state, severity, cause }: Finding, all: ReadonlyMap<string, Finding>): boolean {
  return state === 'open' && severity === 'info' && cause !== null && all.has(cause);
}

/** What is told on its own: no echoes, and nothing that explains what is told and at least as bad. */
function toldOf({ findings }: CheckResult, all: ReadonlyMap<string, Finding>): readonly Located[] {
  const loud = findings.filter(({ finding }) => !isEcho(finding, all));
  const explaining = new Set<string>();
  for (const { finding } of loud) {
    const cause = finding.cause === null ? undefined : all.get(finding.cause);
    if (cause && rank(finding) <= rank(cause)) explaining.add(cause.id);
  }
  return loud
    .filter(({ finding }) => !explaining.has(finding.id))
    .sort((a, b) => rank(a.finding) - rank(b.finding));
}

/** Text for a terminal: what explains another finding is told with that one, unless it is worse. */
export function humanReport(result: CheckResult, colour: boolean): string {
  const all = new Map(result.findings.map(({ finding }) => [finding.id, finding]));
  const blocks = toldOf(result, all).map((found) => entry(found, all, colour));
  const bad = result.rules.filter(({ status }) => status === 'broken' || status === 'degraded').length;
  const rules = `${result.rules.length} ${result.rules.length === 1 ? 'rule' : 'rules'}, ${bad} of them not served as they should be`;
  const unseen = [...Map.groupBy(result.unseen, ({ reason }) => reason)].map(
    ([reason, rows]) => `    ${rows.map(({ resource }) => resource).join(', ')}: ${visible(reason)}`,
  );
  return [
    ...blocks,
    ...result.notes.map((note) => `note: ${note}`),
    ...(unseen.length > 0 ? [['not seen:', ...unseen].join('\n')] : []),
    `${result.what}: ${rules}; ${counted(result.findings) || 'nothing found'}.`,
  ].join('\n\n');
}
