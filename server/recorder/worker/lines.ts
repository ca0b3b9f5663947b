import 'server-only';
import { packBytes, packQuickly, unpack, unpackBytes } from '@/server/recorder/codec';

/** One recorded change of a partition, or an event, as JSON. */
export interface Line {
  readonly at: number;
  readonly text: string;
}

/** The same as it comes and goes: nobody here has to look into it. */
export interface RawLine {
  readonly at: number;
  readonly json: Uint8Array;
}

const LINE_FEED = Buffer.from('\n');

/** Lines of one body: time, tab, JSON, each closed by a line feed; JSON has none inside. */
export function packLines(lines: readonly RawLine[]): Uint8Array {
  return packBytes(joined(lines));
}

/** The same for what is soon packed anew. */
export function packLinesQuickly(lines: readonly RawLine[]): Uint8Array {
  return packQuickly(joined(lines));
}

export function unpackLines(body: Uint8Array): readonly Line[] {
  const text = unpack(body);
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const tab = text.indexOf('\t', start);
    const end = text.indexOf('\n', tab);
    lines.push({ at: Number(text.slice(start, tab)), text: text.slice(tab + 1, end) });
    start = end + 1;
  }
  return lines;
}

/** A line of a body as it went in. */
export function rawOf({ at, text }: Line): RawLine {
  return { at, json: Buffer.from(text) };
}

export function textOf({ at, json }: RawLine): Line {
  return { at, text: Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString() };
}

/** One body over many partitions: first what stands where in it (partition, time, bytes), a line feed, then all JSON. */
export function packLog(parts: ReadonlyMap<string, readonly RawLine[]>): Uint8Array {
  const places: [part: string, at: number, bytes: number][] = [];
  const pieces: Uint8Array[] = [];
  for (const [part, lines] of parts)
    for (const { at, json } of lines) {
      places.push([part, at, json.length]);
      pieces.push(json);
    }
  return packQuickly(Buffer.concat([Buffer.from(`${JSON.stringify(places)}\n`), ...pieces]));
}

export function unpackLog(body: Uint8Array): readonly (RawLine & { readonly part: string })[] {
  const bytes = unpackBytes(body);
  const end = bytes.indexOf(LINE_FEED);
  let start = end + 1;
  const places = JSON.parse(bytes.toString('utf8', 0, end)) as [string, number, number][];
  return places.map(([part, at, length]) => {
    const json = bytes.subarray(start, start + length);
    start += length;
    return { part, at, json };
  });
}

function joined(lines: readonly RawLine[]): Uint8Array {
  return Buffer.concat(lines.flatMap(({ at, json }) => [Buffer.from(`${at}\t`), json, LINE_FEED]));
}
