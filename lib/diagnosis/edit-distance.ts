/** How far two names are apart, and the nearest of the names that exist ("did you mean"). */

const FAR = 64;

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
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(value);
      best = Math.min(best, value);
    }
    if (best > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length] ?? 0, limit + 1);
}

/** A slip of a key or two: one edit in short names, a third of the length at most, never more than four. */
function tolerance(name: string): number {
  return Math.min(4, Math.max(1, Math.floor(name.length / 3)));
}

/**
 * The existing name that was probably meant; `null` when nothing is near. Case counts little, equal names count first;
 * among equally near ones the alphabetically first wins, so that the order of the candidates does not matter.
 */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const wanted = name.toLowerCase();
  let limit = tolerance(name);
  let found: string | null = null;
  let foundExact = false;
  for (const candidate of candidates) {
    if (candidate === name) return candidate;
    const distance = editDistance(wanted, candidate.toLowerCase(), limit);
    if (distance > limit) continue;
    const exact = distance === 0;
    if (found !== null && distance === limit && exact === foundExact && candidate >= found) continue;
    found = candidate;
    foundExact = exact;
    limit = distance;
  }
  return found;
}
