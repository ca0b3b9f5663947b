import 'server-only';

/** How much history is kept: what is older or does not fit goes. */
export interface Retention {
  readonly ageMs: number;
  readonly bytes: number;
}

export const DEFAULT_RETENTION: Retention = { ageMs: 14 * 86_400_000, bytes: 1e9 };

const AGES: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };
const SIZES: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };

/** What may stand in the setting; for messages. */
export const RETENTION_ALLOWED =
  'an age, a size, or both with a comma between: 14d, 36h, 2GB, 7d,500MB (ages in m, h, d, w, at least 10m; sizes in MB, GB, TB, at least 20MB)';

/** Reads `14d,2GB`; what is not given is at its default. null: that is none. */
export function parseRetention(text: string): Retention | null {
  let ageMs: number | null = null;
  let bytes: number | null = null;
  for (const item of text.split(',').map((part) => part.trim())) {
    const [, amount = '', unit = ''] = /^(\d{1,6})\s*([a-zA-Z]{1,2})$/.exec(item) ?? [];
    const age = AGES[unit];
    const size = SIZES[unit];
    if (age !== undefined && ageMs === null) ageMs = Number(amount) * age;
    else if (size !== undefined && bytes === null) bytes = Number(amount) * size;
    else return null;
  }
  const found = { ageMs: ageMs ?? DEFAULT_RETENTION.ageMs, bytes: bytes ?? DEFAULT_RETENTION.bytes };
  return found.ageMs >= 600_000 && found.bytes >= 20e6 ? found : null;
}
