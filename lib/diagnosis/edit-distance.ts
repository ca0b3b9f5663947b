/** How far two names are apart, and the nearest of the names that exist ("did you mean"). */

const FAR = 64;

/** One row of the table: the cheapest way from the first `i` letters of `a` to each beginning of `b`. */
function nextRow(
  a: string,
  b: string,
  i: number,
  last: readonly number[],
  beforeLast: readonly number[],
): number[] {
  const row = [i];
  for (let j = 1; j <= b.length; j += 1) {
    const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
    const swappable = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
    const swapped = swappable ? (beforeLast[j - 2] ?? 0) + 1 : replaced;
    row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped));
  }
  return row;
}

/**
 * Damerau-Levenshtein distance (insert, delete, replace, swap of neighbours; optimal string alignment).
 * Bounded: beyond `limit` the answer is `limit + 1`, whatever the true distance.
 */
export function editDistance(a: string, b: string, limit = FAR): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = nextRow(a, b, i, last, beforeLast);
    // A swap reaches back two rows, so both must be beyond the limit.
    if (Math.min(...row) > limit && Math.min(...last) > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length] ?? 0, limit + 1);
}

/** A slip of a key or two: none in names of two letters, one in short names, three at most. */
function tolerance(name: string): number {
  if (name.length < 3) return 0;
  if (name.length < 6) return 1;
  return name.length < 12 ? 2 : 3;
}

/**
 * The existing name that was probably meant; `null` when nothing is near. Case does not count. Among equally near
 * names the alphabetically first wins, so the order of the candidates does not matter.
 */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const wanted = name.toLowerCase();
  let limit = tolerance(name);
  let found: string | null = null;
  for (const candidate of candidates) {
    if (candidate === name) return candidate;
    const distance = editDistance(wanted, candidate.toLowerCase(), limit);
    if (distance > limit || (found !== null && distance === limit && candidate >= found)) continue;
    found = candidate;
    limit = distance;
  }
  return found;
}

/**
 * The one existing name that shares the first word (`admin-ui` → `admin-web`); `null` when there is none or several. Weaker
 * than {@link nearest}: worth a look, not worth a command.
 */
export function kin(name: string, candidates: Iterable<string>): string | null {
  const word = name.split('-', 1)[0] ?? '';
  if (word.length < 3 || word === name) return null;
  const found = [...candidates].filter((candidate) => candidate.startsWith(`${word}-`) || candidate === word);
  return found.length === 1 ? (found[0] ?? null) : null;
}
