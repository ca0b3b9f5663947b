import 'server-only';
import type { DeltaMessage } from './messages';

/** What is kept for the next time. */
const MOST_KEPT = 4 * 1024 * 1024;
/** Bytes that a character of a text takes at most. */
const WIDEST = 3;

let scratch = Buffer.alloc(0);

/** Texts of partitions, then those of events, as one body in memory of its own: it is handed on without a copy. */
export function bytesOf(
  texts: readonly (readonly [part: string, text: string])[],
  told: readonly string[] = [],
): Pick<DeltaMessage, 'parts' | 'events'> & { readonly body: Uint8Array<ArrayBuffer> } {
  const most = texts.reduce((sum, [, text]) => sum + text.length, lengthOf(told)) * WIDEST;
  if (scratch.length < most || scratch.length > MOST_KEPT) scratch = Buffer.alloc(most);
  let end = 0;
  const write = (text: string): number => {
    const length = scratch.write(text, end);
    end += length;
    return length;
  };
  const parts = texts.map(([part, text]) => [part, write(text)] as const);
  const events = told.map(write);
  const body = new Uint8Array(end);
  body.set(scratch.subarray(0, end));
  return { parts, events, body };
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
