/** What a question is answered with; the shapes on the wire are `lib/wire/api.ts`, held together by a test. */
import type { Graph } from '@/lib/topology/graph';
import type { Coverage, Evidence, Finding } from '@/lib/topology/model';

/** What the graph does not say of itself. */
export interface ChecklistContext {
  readonly coverage: readonly Coverage[];
  /** RFC 3339: how old the graph's facts are; for a lost connection, when it was last live. */
  readonly takenAt: string;
  /** Epoch ms: certificates are judged against it. */
  readonly now: number;
  /** RFC 3339 of the last DNS answers for the host, where the caller knows it. */
  readonly dnsAt?: string | null;
  /** Whether only some namespaces are watched: a controller may then run where nobody looks. */
  readonly limitedView?: boolean;
}

export interface Answer {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly detail: string;
  readonly evidence?: readonly Evidence[];
  readonly findings?: readonly string[];
  /** Default: when the graph was taken. null: nothing was looked at. */
  readonly checkedAt?: string | null;
}

/** An answer that nothing was looked at for. */
export function notLooked(reason: string): Answer {
  return { verdict: 'unknown', detail: reason, checkedAt: null };
}

/** Findings behind ids, each once, those with one of the codes. */
export function findingsOf(
  graph: Graph,
  ids: Iterable<string>,
  codes: ReadonlySet<string>,
): readonly Finding[] {
  return [...new Set(ids)].flatMap((id) => {
    const finding = graph.findings.get(id);
    return finding && codes.has(finding.code) ? [finding] : [];
  });
}

/** What findings say: an open one is a no, one that could not be judged is not known; null where they say neither. */
export function verdictOf(findings: readonly Finding[]): Answer | null {
  const open = findings.filter((finding) => finding.state === 'open' && finding.severity !== 'info');
  if (open.length > 0) return saying('fail', open);
  const unknown = findings.filter((finding) => finding.state === 'unknown');
  return unknown.length > 0 ? saying('unknown', unknown) : null;
}

function saying(verdict: 'fail' | 'unknown', findings: readonly Finding[]): Answer {
  return {
    verdict,
    detail: [...new Set(findings.map((finding) => finding.detail))].join('; '),
    evidence: findings.flatMap((finding) => finding.evidence),
    findings: findings.map((finding) => finding.id),
  };
}

/** Why a resource cannot be seen; null when it can, so that absence means that it does not exist. */
export function unseen(context: ChecklistContext, resource: string): string | null {
  const row = context.coverage.find((entry) => entry.resource === resource);
  if (!row) return `${resource} have not been listed yet`;
  if (row.state === 'watched' || row.state === 'absent') return null;
  return row.reason || `${resource}: ${row.state}`;
}
