import { z } from './zod';

/**
 * What people write beside a finding: lines of text. Other control characters are refused: nobody types them, and
 * PostgreSQL cannot keep a NUL in a text. (A snapshot's note is kept in its packed document, and may have them.)
 */
export function noteSchema(longest: number) {
  return z
    .string()
    .max(longest, `is longer than ${longest} characters`)
    .refine((text) => !/\p{Cc}/u.test(text.replace(/[\n\r\t]/g, '')), 'has control characters');
}
