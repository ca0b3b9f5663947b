import 'server-only';
import { DamagedBody, packBytes, packQuickly, unpack, unpackBytes } from '@/server/recorder/codec';
import type { RawLines } from './raw-lines';

/** One recorded change of a partition, or an event, as JSON. */
export interface Line {
  readonly at: number;
  readonly text: string;
}

/** The same as it comes and goes: nobody here has to look into it. */
export interface RawLine {
  readonly at: number;
  readonly json: Buffer;
}

const LINE_FEED = 10;

/** Lines of one body: time, tab, JSON, each closed by a line feed; JSON has none inside. */
export function packLines(lines: RawLines): Uint8Array {
  return packBytes(lines.joined());
}

export function unpackLines(body: Uint8Array): readonly Line[] {
  return linesOf(unpack(body));
}

/** Lines of a body that is not packed. */
export function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const tab = text.indexOf('\t', start);
    const end = text.indexOf('\n', tab);
    lines.push({ at: Number(text.slice(start, tab)), text: text.slice(tab + 1, end) });
    start = end + 1;
  }
  return lines;
}

export function textOf({ at, json }: RawLine): Line {
  return { at, text: json.toString() };
}

/** What one published change says of partitions: JSON one after another from the body's begin. */
export interface LoggedChange {
  readonly at: number;
  readonly parts: readonly (readonly [part: string, bytes: number])[];
  readonly body: Uint8Array;
}

/** One body over many partitions: first what stands where in it (partition, time, bytes), a line feed, then all JSON. */
export function packLog(changes: readonly LoggedChange[]): Uint8Array {
  const places: [part: string, at: number, bytes: number][] = [];
  const pieces: Uint8Array[] = [];
  for (const { at, parts, body } of changes) {
    let length = 0;
    for (const [part, bytes] of parts) {
      places.push([part, at, bytes]);
      length += bytes;
    }
    pieces.push(body.subarray(0, length));
  }
  return packQuickly(Buffer.concat([Buffer.from(`${JSON.stringify(places)}\n`), ...pieces]));
}

export function unpackLog(body: Uint8Array): readonly (RawLine & { readonly part: string })[] {
  const bytes = unpackBytes(body);
  const end = bytes.indexOf(LINE_FEED);
  let start = end + 1;
  const places = placesOf(bytes.toString('utf8', 0, end));
  return places.map(([part, at, length]) => {
    const json = bytes.subarray(start, start + length);
    start += length;
    return { part, at, json };
  });
}

function placesOf(text: string): readonly (readonly [part: string, at: number, bytes: number])[] {
  try {
    return JSON.parse(text) as [string, number, number][];
  } catch (error) {
    throw new DamagedBody('what stands where in a body of the log cannot be read', { cause: error });
  }
}
