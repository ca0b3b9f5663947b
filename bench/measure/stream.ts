/* A client of the stream that notes when a node's new state arrives. */
import { get, type IncomingMessage } from 'node:http';

interface Node {
  readonly id: string;
}

export interface StreamClient {
  /** Bytes of the first snapshot. */
  readonly snapshot: number;
  /** Snapshots after the first: what a server sends to a client that lags. */
  readonly again: number;
  /** When (performance.now) the node is next told of; rejects after a while. */
  nextChange(node: string, withinMs?: number): Promise<number>;
  close(): void;
}

const WITHIN_MS = 15_000;
const NEWLINE = 0x0a;
const END = Buffer.from('\n\n');

/** Opens a stream and waits for its snapshot. */
export async function openStream(url: string, filters: string): Promise<StreamClient> {
  const response = await open(`${url}/api/v1/stream${filters === '' ? '' : `?${filters}`}`);
  const client = new Client(response);
  await client.begun;
  return client;
}

class Client implements StreamClient {
  snapshot = 0;
  again = -1;
  readonly begun: Promise<void>;
  readonly #response: IncomingMessage;
  readonly #waiting = new Map<string, (at: number) => void>();
  #begin: () => void = () => undefined;
  #closed = false;

  constructor(response: IncomingMessage) {
    this.#response = response;
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    readEvents(response, (event, data, at) => this.#take(event, data, at));
    response.on('close', () => {
      if (!this.#closed) throw new Error('the server ended the stream');
    });
  }

  nextChange(node: string, withinMs = WITHIN_MS): Promise<number> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`nothing of ${node} in time`)), withinMs);
      this.#waiting.set(node, (at) => {
        clearTimeout(late);
        resolve(at);
      });
    });
  }

  close(): void {
    this.#closed = true;
    this.#response.destroy();
  }

  #take(event: string, data: Buffer, at: number): void {
    if (event === 'snapshot') {
      this.again += 1;
      if (this.again === 0) this.snapshot = data.length;
      this.#begin();
      if (this.#waiting.size === 0) return;
      this.#told((JSON.parse(data.toString()) as { nodes: readonly Node[] }).nodes, at);
    }
    if (event === 'delta')
      this.#told((JSON.parse(data.toString()) as { nodes: { upsert: readonly Node[] } }).nodes.upsert, at);
  }

  #told(nodes: readonly Node[], at: number): void {
    for (const { id } of nodes) {
      this.#waiting.get(id)?.(at);
      this.#waiting.delete(id);
    }
  }
}

function open(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { Accept: 'text/event-stream' } }, (response) =>
      response.statusCode === 200 ? resolve(response) : reject(new Error(`${url}: ${response.statusCode}`)),
    ).on('error', reject);
  });
}

/** Times are those of the piece that ends an event, taken before anything is parsed. */
function readEvents(
  response: IncomingMessage,
  onEvent: (event: string, data: Buffer, at: number) => void,
): void {
  let rest: Buffer[] = [];
  const finish = (last: Buffer, at: number) => {
    const block = Buffer.concat([...rest, last]);
    rest = [];
    const name = /^event: ?(.*)$/m.exec(block.toString('latin1', 0, 80))?.[1] ?? '';
    const data = block.indexOf('data:');
    if (data >= 0) onEvent(name, withoutPrefix(block.subarray(data)), at);
  };
  response.on('error', () => undefined);
  response.on('data', (piece: Buffer) => {
    const at = performance.now();
    let from = 0;
    // The two newlines may come in two pieces.
    if (rest.at(-1)?.at(-1) === NEWLINE && piece[0] === NEWLINE) {
      from = 1;
      finish(piece.subarray(0, 0), at);
    }
    for (let end = piece.indexOf(END, from); end >= 0; end = piece.indexOf(END, from)) {
      finish(piece.subarray(from, end), at);
      from = end + END.length;
    }
    if (from < piece.length) rest.push(piece.subarray(from));
  });
}

function withoutPrefix(data: Buffer): Buffer {
  return data.subarray(data[5] === 0x20 ? 6 : 5);
}
