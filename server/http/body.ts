import 'server-only';
import { Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { ChunkReader } from '@/server/hub/chunks';
import { yieldTurn } from '@/server/hub/turns';

/** Pieces after which others get their turn. */
const PIECES_PER_TURN = 4;

/** Whether a client takes gzip: listed, or `*`, and not with q=0. */
export function acceptsGzip(request: Request): boolean {
  const weights = new Map<string, number>();
  for (const part of (request.headers.get('accept-encoding') ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(name, q === undefined ? 1 : Number(q.slice(2)) || 0);
  }
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}

/** A body that is made while it is sent, compressed where the client takes that. */
export function streamed(pieces: AsyncIterable<Uint8Array>, gzip: boolean): ReadableStream<Uint8Array> {
  const source = Readable.from(pieces);
  if (!gzip) return toWeb(source);
  const zipped = createGzip({ level: constants.Z_BEST_SPEED });
  source.on('error', (error) => zipped.destroy(error));
  zipped.on('close', () => source.destroy());
  return toWeb(source.pipe(zipped));
}

/** Node's and the web's stream types differ in name only. */
function toWeb(stream: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}

/** The pieces of a snapshot; closing early gives them back. */
export async function* read(reader: ChunkReader): AsyncGenerator<Uint8Array> {
  try {
    for (let n = 1; ; n++) {
      const piece = reader.next();
      if (!piece) return;
      yield piece;
      if (n % PIECES_PER_TURN === 0) await yieldTurn();
    }
  } finally {
    reader.close();
  }
}
