import 'server-only';
import { pack, packQuickly, unpack } from '@/server/recorder/codec';

/** One recorded change of a partition, or an event, as JSON. */
export interface Line {
  readonly at: number;
  readonly text: string;
}

/** A change with its partition. */
interface LogLine extends Line {
  readonly part: string;
}

/** Lines of one body: time, tab, JSON, each closed by a line feed; JSON has none inside. */
export function packLines(lines: readonly Line[]): Uint8Array {
  return pack(joined(lines));
}

/** The same for what is soon packed anew. */
export function packLinesQuickly(lines: readonly Line[]): Uint8Array {
  return packQuickly(joined(lines));
}

export function unpackLines(body: Uint8Array): readonly Line[] {
  const lines: Line[] = [];
  for (const text of linesOf(unpack(body))) {
    const tab = text.indexOf('\t');
    lines.push({ at: Number(text.slice(0, tab)), text: text.slice(tab + 1) });
  }
  return lines;
}

/** One body over many partitions: the name of the partition and a tab come before each line; names have no tabs. */
export function packLog(parts: ReadonlyMap<string, readonly Line[]>): Uint8Array {
  let text = '';
  for (const [part, lines] of parts) for (const line of lines) text += `${part}\t${line.at}\t${line.text}\n`;
  return packQuickly(text);
}

export function unpackLog(body: Uint8Array): readonly LogLine[] {
  const lines: LogLine[] = [];
  for (const line of linesOf(unpack(body))) {
    const first = line.indexOf('\t');
    const second = line.indexOf('\t', first + 1);
    const [at, text] = [Number(line.slice(first + 1, second)), line.slice(second + 1)];
    lines.push({ part: line.slice(0, first), at, text });
  }
  return lines;
}

function joined(lines: readonly Line[]): string {
  return lines.map(({ at, text }) => `${at}\t${text}\n`).join('');
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    yield text.slice(start, end);
    start = end + 1;
  }
}
