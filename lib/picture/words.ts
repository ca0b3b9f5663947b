/** What a picture says: its title, why, when and where, and what it leaves out. */
import { cardText } from '@/lib/layout/card-text';
import { numberOf } from '@/lib/topology/detail-reads';
import { environmentOf } from '@/lib/topology/environment';
import type { Finding, Status, Topology } from '@/lib/topology/model';
import { alsoHarmed, type Problem } from '@/lib/topology/problems';
import { STATUS_WORD } from '@/lib/topology/status-words';
import type { Selection } from './selection';
import type { Subject } from './subject';

/** A statement with the status whose mark stands before it. */
export interface Statement {
  readonly status: Status;
  readonly title: string;
  /** What is so, then why, step by step down to the root. */
  readonly detail: string;
  readonly because: readonly string[];
  readonly also: readonly string[];
}

/** The statements of a picture, the headline first; there is always one. */
export function statementsOf(subject: Subject): readonly [Statement, ...Statement[]] {
  const [first, ...others] = subject.problems.map((problem) => statementOf(problem, subject));
  return first ? [first, ...others] : [quiet(subject)];
}

function statementOf(problem: Problem, { graph }: Subject): Statement {
  return {
    status: statusOf(problem),
    title: problem.symptom.title,
    detail: problem.symptom.detail,
    because: problem.chain.slice(1).map(sentence),
    also: alsoHarmed(problem, graph.nodes),
  };
}

function statusOf({ severity, symptom }: Problem): Status {
  if (symptom.state === 'unknown') return 'unknown';
  return severity === 'info' ? 'pending' : severity;
}

const sentence = (finding: Finding) => (finding.detail === '' ? finding.title : finding.detail);

/** Nothing to complain of. What is not known must not read as green. */
function quiet({ topology, focus }: Subject): Statement {
  const nothing = { detail: '', because: [], also: [] };
  if (focus) {
    const title = `${cardText(focus).full}: ${STATUS_WORD[focus.status] ?? focus.status}`;
    return { ...nothing, status: focus.status, title };
  }
  const hosts = topology.nodes.filter(({ kind }) => kind === 'host');
  const pending = hosts.filter(({ status }) => status !== 'ok');
  const title =
    topology.nodes.length === 0
      ? 'No way into this cluster'
      : `No fault found at ${many(hostsOf(topology), 'host')}`;
  if (pending.length === 0) return { ...nothing, status: 'ok', title, detail: 'Traffic is not measured.' };
  const status = pending[0]?.status ?? 'unknown';
  return { ...nothing, status, title: `No fault found yet; ${many(pending.length, 'host')} not settled` };
}

/** Hosts of a view, those folded into groups too. */
function hostsOf({ nodes }: Topology): number {
  let n = 0;
  for (const { kind, detail } of nodes) {
    if (kind === 'host') n++;
    if (kind === 'group' && detail.folds === 'hosts') n += numberOf(detail, 'count') ?? 0;
  }
  return n;
}

/** `2026-01-01 12:00:00 UTC`; what is no time is said to be unknown. */
export function timeOf(at: string): string {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return 'at an unknown time';
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** What a cluster is for, as far as its name tells; empty otherwise. */
export function environmentWord({ cluster }: Topology): string {
  const environment = cluster.environment ?? environmentOf(cluster.name);
  return environment === 'other' ? '' : environment;
}

/** Why the data may not be as things were at that time; empty while the connection was live. */
export function connectionWords({ cluster }: Topology): string {
  if (cluster.connection === 'live') return '';
  return `${cluster.connection} since ${timeOf(cluster.since)}: this is what was last known`;
}

/** What could not be looked at. */
export function blindWords({ coverage }: Topology): string {
  const blind = coverage.filter(({ state }) => state === 'forbidden' || state === 'failing');
  if (blind.length === 0) return '';
  const names = blind.map(({ resource }) => resource);
  const more = names.length > 4 ? ` and ${names.length - 4} more` : '';
  return `Could not be looked at: ${names.slice(0, 4).join(', ')}${more}`;
}

/** What the picture leaves out, in counts; empty where it leaves out nothing. */
export function leftWords({ left, morePivots }: Selection): string {
  const parts = [
    morePivots > 0 ? `${many(morePivots, 'more path')} in question` : '',
    left.broken > 0 ? `${many(left.broken, 'more host')} broken` : '',
    left.degraded > 0 ? `${many(left.degraded, 'more host')} degraded` : '',
    left.warning > 0 ? `${many(left.warning, 'more host')} with a warning` : '',
    left.unknown > 0 ? `${many(left.unknown, 'more host')} not known` : '',
    left.pending > 0 ? `${many(left.pending, 'more host')} pending` : '',
    left.ok > 0 ? `${many(left.ok, 'more host')} with no fault found` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `Not drawn: ${parts.join(', ')}`;
}

/** The same in few words: hosts at fault and hosts without. */
export function leftShort({ left }: Selection): string {
  const fault = left.broken + left.degraded + left.warning;
  const open = left.unknown + left.pending;
  const parts = [
    fault > 0 ? `${thousands(fault)} at fault` : '',
    open > 0 ? `${thousands(open)} not known` : '',
    left.ok > 0 ? `${thousands(left.ok)} with no fault found` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `More hosts: ${parts.join(', ')}`;
}

/** `1 host`, `4,988 hosts`. */
export function many(n: number, one: string): string {
  return `${thousands(n)} ${one}${n === 1 ? '' : 's'}`;
}

const thousands = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
