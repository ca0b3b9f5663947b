const FIRST_MS = 500;
const MOST_MS = 15_000;

/** Delay before the n-th retry (from 1): doubling, with jitter so that many browsers don't return at once. */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, attempt - 1));
  return Math.round(full / 2 + (full / 2) * random);
}
