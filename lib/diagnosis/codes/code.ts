import type { Hop, Severity } from '@/lib/topology/model';

/** What is told of a code: `docs/checks` is made of it, one page each. */
export interface CodeInfo {
  readonly hop: Hop;
  /** At its worst; a check lowers it where less is at stake. */
  readonly severity: Severity;
  /** `risk`: no request fails of it. */
  readonly impact: 'traffic' | 'risk';
  /** One line: what it means. */
  readonly meaning: string;
  /** The condition, exactly. */
  readonly when: string;
  /** What looks like it and is not: when it is not found. */
  readonly traps: readonly string[];
  readonly mend: string;
}

export type CodeTable = Readonly<Record<string, CodeInfo>>;

type Told = Omit<CodeInfo, 'hop' | 'impact'> & { readonly impact?: CodeInfo['impact'] };

/** The codes of one hop. Hops that tell of risk say so themselves; elsewhere it is traffic that fails. */
export function codesOf(hop: Hop, table: Readonly<Record<string, Told>>): CodeTable {
  const isRisk = hop === 'security' || hop === 'rbac' || hop === 'best-practice';
  return Object.fromEntries(
    Object.entries(table).map(([code, told]) => [
      code,
      { impact: isRisk ? 'risk' : 'traffic', ...told, hop } satisfies CodeInfo,
    ]),
  );
}
