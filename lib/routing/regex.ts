/** Regular expressions of paths: what can be told without the controller's own engine. */

/** What JavaScript reads otherwise than PCRE or RE2: then nothing is said. */
const FOREIGN = /\(\?(?![:=!]|<[=!A-Za-z])|[*+?}]\+|\\[AzZGKQEhHRXNpP]|\[\[:|\(\*/;
/** Repeated groups that repeat inside: matching them may take for ever. */
const EXPLOSIVE = /\([^()]*[*+{][^()]*\)[*+{]/;
/** Lookaround and back references, which RE2 (Go, Envoy) refuses. */
const NOT_RE2 = /\(\?<?[=!]|\\[1-9]/;

export type Engine = 'pcre' | 're2';

/** Why an expression does not compile; null where it does, or where it cannot be told. */
export function regexError(source: string, engine: Engine): string | null {
  if (engine === 're2') {
    const refused = NOT_RE2.exec(source);
    if (refused) return `RE2 knows no ${refused[0]} (at character ${refused.index + 1})`;
  }
  if (FOREIGN.test(source)) return null;
  try {
    new RegExp(source);
    return null;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return words.replace(/^Invalid regular expression: \/[\s\S]*\/[a-z]*: /, '');
  }
}

/** Whether an expression matches a text from its beginning; `unknown` where it is not safe or not possible to say. */
export function regexMatches(source: string, text: string, anyCase: boolean): boolean | 'unknown' {
  if (FOREIGN.test(source) || EXPLOSIVE.test(source)) return 'unknown';
  try {
    return new RegExp(`^(?:${source.replace(/^\^/, '')})`, anyCase ? 'i' : '').test(text);
  } catch {
    return 'unknown';
  }
}

/** Number of capturing groups, by what is written: `(…)` and named ones, not `(?:…)`, escapes or sets. */
export function captureGroups(source: string): number {
  let groups = 0;
  let inSet = false;
  for (let i = 0; i < source.length; i += 1) {
    const c = source[i];
    if (c === '\\') i += 1;
    else if (inSet) inSet = c !== ']';
    else if (c === '[') inSet = true;
    else if (c === '(' && (source[i + 1] !== '?' || /^\?P?<[A-Za-z]/.test(source.slice(i + 1)))) groups += 1;
  }
  return groups;
}

/** Characters that mean something in an expression and nothing in a path (CHECKS `rule-pathtype-regex-mismatch`). */
export const REGEX_MARKS = /[()[\]*+?^$\\]/;

const TAIL = /^(.*?)(?:\(\.[*+]\)|\.[*+]|\(\/\|\$\)\(\.\*\)|\(\/\.\*\)\?|\(\/\|\$\))\$?$/;

/**
 * The literal beginning of an expression that matches everything below it (`/foo(/|$)(.*)` → `/foo`); null for any other.
 * `whole`: by elements; else by characters.
 */
export function openEnded(source: string): { readonly literal: string; readonly whole: boolean } | null {
  const literal = TAIL.exec(source)?.[1];
  if (literal === undefined || REGEX_MARKS.test(literal)) return null;
  const tail = source.slice(literal.length);
  if (tail.startsWith('.+') || tail.startsWith('(.+')) return null;
  return { literal, whole: tail.startsWith('(/') };
}
