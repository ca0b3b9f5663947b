import 'server-only';
import { z } from 'zod';

/** Of a comma-separated list, without empty ones. */
export function items(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A comma-separated list whose every item passes; the first that does not is named. */
export function listOf(allowed: string, isAllowed: (item: string) => boolean) {
  return z
    .string()
    .default('')
    .transform((value, context) => {
      const found = items(value);
      const wrong = found.find((item) => !isAllowed(item));
      if (wrong !== undefined)
        context.addIssue({ code: 'custom', message: `${JSON.stringify(wrong)} is not ${allowed}` });
      return [...new Set(found)];
    });
}

/** A value that a function reads; what it cannot read is not allowed. */
export function readBy<T>(allowed: string, read: (text: string) => T | null) {
  return z.string().transform((text, context): T => {
    const value = read(text);
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: `allowed: ${allowed}` });
    return z.NEVER;
  });
}

/** One word of several. */
export function oneOf<const T extends readonly [string, ...string[]]>(values: T, otherwise: T[number]) {
  return z
    .enum(values, { error: `allowed: ${values.join(', ')}` })
    .default(otherwise as z.util.NoUndefined<T[number]>);
}
