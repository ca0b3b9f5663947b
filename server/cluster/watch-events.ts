import 'server-only';
import { type Raw, record, text } from '@/lib/kube/project/raw';
import { ApiError, eventError } from './api-error';
import type { KubeClient } from './kube-client';
import type { Turns } from './turns';

export interface WatchRequest {
  readonly client: KubeClient;
  readonly turns: Turns;
  /** Path of the collection, without query. */
  readonly path: string;
  /** Narrows the watch; empty: all. */
  readonly fieldSelector: string;
  readonly resourceVersion: string;
  /** When the server shall end the watch. */
  readonly seconds: number;
  readonly answerWithin: number;
  /** Milliseconds of silence after which the connection counts as dead. */
  readonly idle: number;
  readonly signal: AbortSignal;
  readonly onOpen: () => void;
  readonly onEvent: (type: string, object: Raw) => void;
}

const NEWLINE = 0x0a;
const LONGEST_LINE = 64 * 1024 * 1024;

/** Whole lines of a stream of bytes, without a copy where a line lies within one piece. */
export class LineSplitter {
  #parts: Buffer[] = [];
  #length = 0;

  *push(piece: Buffer): Generator<Buffer> {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      const line = piece.subarray(start, end);
      start = end + 1;
      yield this.#parts.length === 0 ? line : this.#join(line);
    }
    if (start === piece.length) return;
    this.#parts.push(piece.subarray(start));
    this.#length += piece.length - start;
    if (this.#length > LONGEST_LINE) throw new ApiError('invalid', 'a line of the watch is too long');
  }

  /** What came after the last line break. */
  rest(): Buffer {
    return this.#join(Buffer.alloc(0));
  }

  #join(last: Buffer): Buffer {
    const line = Buffer.concat([...this.#parts, last]);
    this.#parts = [];
    this.#length = 0;
    return line;
  }
}

/** Follows one watch until the server ends it; an error event, silence or a damaged line is an {@link ApiError}. */
export async function followWatch(request: WatchRequest): Promise<void> {
  const query = new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: request.resourceVersion,
    timeoutSeconds: String(request.seconds),
  });
  if (request.fieldSelector !== '') query.set('fieldSelector', request.fieldSelector);
  const { client, signal, answerWithin, turns } = request;
  const response = await client.open(`${request.path}?${query}`, { signal, answerWithin });
  request.onOpen();
  const lines = new LineSplitter();
  for await (const piece of client.pieces(response, request.idle)) {
    for (const line of lines.push(piece)) {
      if (line.length > 0) deliver(line, request);
      if (turns.spent) await turns.next();
      if (signal.aborted) throw new ApiError('stopped', 'stopped');
    }
  }
  const rest = lines.rest();
  if (rest.length > 0) deliver(rest, request);
}

function deliver(line: Buffer, { onEvent }: WatchRequest): void {
  const event = record(parseLine(line));
  const type = text(event.type);
  if (type === 'ERROR') throw eventError(event.object);
  onEvent(type, record(event.object));
}

/** What is not JSON means that the stream is damaged. */
function parseLine(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new ApiError('invalid', 'an object of the watch is no JSON', { cause });
  }
}
