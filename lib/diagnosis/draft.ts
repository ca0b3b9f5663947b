import type { Ref } from '@/lib/kube/refs';
import type {
  Affected,
  Evidence,
  Finding,
  Fix,
  Hop,
  Severity,
  TopologyEdge,
  TopologyNode,
} from '@/lib/topology/model';

/** A finding before its hold time is applied: `settled` and `since` come from observations (lib/diagnosis/settle). */
export interface Draft extends Omit<Finding, 'settled' | 'since'> {
  /** How long the condition must hold before it enters the rail, history and alerts. */
  readonly holdMs: number;
  /** When the condition began by the API's own transition times; null where there is none. */
  readonly startedAt: number | null;
}

/** What one unit contributes to the topology. Contributions of one id are merged. */
export interface Fragment {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly findings: readonly Draft[];
}

export const EMPTY_FRAGMENT: Fragment = { nodes: [], edges: [], findings: [] };

/** What a check says; the rest of a draft has defaults. */
export interface Verdict {
  readonly code: string;
  readonly severity: Severity;
  readonly hop: Hop;
  readonly subject: Ref;
  readonly discriminator?: string;
  readonly title: string;
  readonly detail: string;
  readonly fix: Partial<Fix> & { readonly summary: string };
  readonly state?: 'open' | 'unknown';
  readonly impact?: 'traffic' | 'risk';
  readonly cause?: string | null;
  readonly affects?: readonly Affected[];
  readonly related?: readonly Ref[];
  readonly evidence?: readonly Evidence[];
  readonly holdMs?: number;
  readonly startedAt?: number | null;
}

/** `code:KIND.GROUP/NS/NAME[#discriminator]`, `-` for no namespace (CONTRACT "The model"). */
export function findingId(code: string, subject: Ref, discriminator?: string): string {
  const kind = subject.group === '' ? subject.kind : `${subject.kind}.${subject.group}`;
  const base = `${code}:${kind}/${subject.namespace || '-'}/${subject.name}`;
  return discriminator === undefined ? base : `${base}#${discriminator}`;
}

/** Makes a draft of a verdict. */
export function draft(verdict: Verdict): Draft {
  const { discriminator, fix, ...rest } = verdict;
  return {
    id: findingId(verdict.code, verdict.subject, discriminator),
    state: 'open',
    impact: 'traffic',
    cause: null,
    affects: [],
    related: [],
    evidence: [],
    holdMs: 0,
    startedAt: null,
    ...rest,
    fix: { look: [], change: [], managedBy: null, ...fix },
  };
}

/** One piece of evidence; `at` in epoch ms. */
export function evidence(ref: Ref | null, path: string, value: unknown, at: number | null = null): Evidence {
  return {
    ref,
    path,
    value: typeof value === 'string' ? value : JSON.stringify(value ?? null),
    at: at === null ? null : isoTime(at),
  };
}

/** Epoch ms → RFC 3339 UTC with milliseconds; null for a time outside what dates can hold. */
export function isoTime(ms: number): string | null {
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : null;
}

/** Hold time of conditions of objects (CHECKS "Debounce"). */
export const OBJECT_HOLD_MS = 30_000;
/** Hold time of cloud load balancers and certificate issuing (CHECKS "Debounce"). */
export const CLOUD_HOLD_MS = 5 * 60_000;
/** Pods may be pending this long before it counts (CHECKS `pod-pending`). */
export const PENDING_HOLD_MS = 2 * 60_000;
