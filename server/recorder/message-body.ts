import 'server-only';
import type { DeltaMessage } from './messages';

const encoder = new TextEncoder();

/** Texts of partitions as one body, in memory of its own: it can be handed to another thread without a copy. */
export function bytesOf(texts: readonly (readonly [part: string, text: string])[]): {
  readonly parts: DeltaMessage['parts'];
  readonly body: Uint8Array<ArrayBuffer>;
} {
  const length = texts.reduce((sum, [, text]) => sum + text.length, 0);
  // As long as the text where it is ASCII, as it nearly always is.
  const ascii = encoded(texts, length);
  return ascii.isWhole ? ascii : encoded(texts, length * 3);
}

function encoded(texts: readonly (readonly [part: string, text: string])[], room: number) {
  const body = new Uint8Array(room);
  const parts: [string, number][] = [];
  let end = 0;
  for (const [part, text] of texts) {
    const { read, written } = encoder.encodeInto(text, body.subarray(end));
    if (read < text.length) return { parts, body, isWhole: false };
    parts.push([part, written]);
    end += written;
  }
  return { parts, body: end === room ? body : body.slice(0, end), isWhole: true };
}
