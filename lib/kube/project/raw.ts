/**
 * Readers of untrusted JSON. Objects come from any namespace user, from dumps and from API servers of any age,
 * so a field may be missing, null or of another type: every reader answers something and none throws.
 */

export type Raw = Readonly<Record<string, unknown>>;

const EMPTY_RECORD: Raw = Object.freeze({});
const EMPTY_LIST: readonly unknown[] = Object.freeze([]);

/** The value as a record; anything else reads as an empty one. */
export function record(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : EMPTY_RECORD;
}

/** The value as a list; anything else reads as an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : EMPTY_LIST;
}

/** The list without the room to grow that `push` leaves: V8 gives the first push 17 places, and there are 50,000 lists. */
export function fitted<T>(values: readonly T[]): readonly T[] {
  return values.length === 0 ? (EMPTY_LIST as readonly never[]) : values.slice();
}

/** The value as text: numbers and booleans (unquoted in a YAML dump) as they are written, anything else empty. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The value as a finite number; digits in a string count. */
export function number(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : null;
}

/** The value as a number, or another one where it is none. */
export function numberOr(value: unknown, otherwise: number): number {
  return number(value) ?? otherwise;
}

/** True only for the boolean itself: `"false"` in a string must not read as true. */
export function flag(value: unknown): boolean {
  return value === true;
}

let lastTimeText = '';
let lastTime: number | null = null;

/** An RFC 3339 time as epoch ms. The last one is remembered: creation and first conditions mostly carry the same. */
export function time(value: unknown): number | null {
  if (typeof value !== 'string' || value.length < 10 || value.length > 40) return null;
  if (value === lastTimeText) return lastTime;
  const parsed = Date.parse(value);
  lastTimeText = value;
  lastTime = Number.isFinite(parsed) ? parsed : null;
  return lastTime;
}

/** Texts of a list; other members are left out. */
export function texts(value: unknown): string[] {
  return list(value)
    .map(text)
    .filter((member) => member !== '');
}

/**
 * At most `max` characters. A cut V8 string keeps the whole original alive, hence the copy through JSON;
 * half a surrogate pair at the cut is left out.
 */
export function cut(value: string, max: number): string {
  if (value.length <= max) return value;
  const last = value.charCodeAt(max - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? max - 1 : max;
  return JSON.parse(JSON.stringify(value.slice(0, end))) as string;
}
