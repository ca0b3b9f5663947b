/** What is compared with what. Pure. */

export interface Ends {
  /** Snapshot's id, RFC 3339, or `now`. */
  readonly from: string;
  readonly to: string;
  /** Which of the two the picture shows. */
  readonly drawn: 'from' | 'to';
}

/**
 * The two ends, the earlier first as far as that is known. `compare`: id of a snapshot, RFC 3339, or `now`; `t`: the
 * moment that is drawn, null for now.
 */
export function endsOf(compare: string, t: string | null): Ends {
  const here = t ?? 'now';
  if (isLater(compare, here)) return { from: here, to: compare, drawn: 'from' };
  return { from: compare, to: here, drawn: 'to' };
}

function isLater(a: string, b: string): boolean {
  if (b === 'now') return false;
  return a === 'now' || Date.parse(a) > Date.parse(b);
}
