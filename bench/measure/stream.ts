/* A client of the stream that notes when a node's new status arrives. */
import { get, type IncomingMessage } from 'node:http';

interface Delta {
  readonly nodes: { readonly upsert: readonly { readonly id: string; readonly status: string }[] };
}

export interface StreamClient {
  /** Bytes of the snapshot. */
  readonly snapshot: number;
  /** When (performance.now) the node next changes; rejects after a while. */
  nextChange(node: string): Promise<number>;
  close(): void;
}

const WITHIN_MS = 15_000;
const END = Buffer.from('\n\n');

/** Opens a stream and waits for its snapshot. */
export async function openStream(url: string, filters: string): Promise<StreamClient> {
  const waiting = new Map<string, (at: number) => void>();
  let onSnapshot: (bytes: number) => void = () => undefined;
  const snapshot = new Promise<number>((resolve) => {
    onSnapshot = resolve;
  });
  const response = await open(`${url}/api/v1/stream${filters === '' ? '' : `?${filters}`}`);
  readEvents(response, (event, data, at) => {
    if (event === 'snapshot') onSnapshot(data.length);
    if (event !== 'delta') return;
    const { nodes } = JSON.parse(data.toString()) as Delta;
    for (const { id } of nodes.upsert) {
      waiting.get(id)?.(at);
      waiting.delete(id);
    }
  });
  return {
    snapshot: await snapshot,
    nextChange: (node) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`no delta with ${node}`)), WITHIN_MS);
        waiting.set(node, (at) => {
          clearTimeout(late);
          resolve(at);
        });
      }),
    close: () => response.destroy(),
  };
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
  response.on('error', () => undefined);
  response.on('data', (piece: Buffer) => {
    const at = performance.now();
    let from = 0;
    for (;;) {
      const end = piece.indexOf(END, from);
      if (end < 0) break;
      const block = Buffer.concat([...rest, piece.subarray(from, end)]);
      rest = [];
      from = end + END.length;
      const name = /^event: ?(.*)$/m.exec(block.toString('latin1', 0, 80))?.[1] ?? '';
      const data = block.indexOf('data:');
      if (data >= 0) onEvent(name, withoutPrefix(block.subarray(data)), at);
    }
    if (from < piece.length) rest.push(piece.subarray(from));
  });
}

function withoutPrefix(data: Buffer): Buffer {
  return data.subarray(data[5] === 0x20 ? 6 : 5);
}
