import 'server-only';
import type { ChunkReader } from '@/server/hub/chunks';
import { yieldTurn } from '@/server/hub/turns';

/** Pieces after which others get their turn. */
const PIECES_PER_TURN = 4;

/**
 * A body that is made while it is sent. It is not compressed here: Next compresses what leaves (`compress`, on by
 * default), and takes away a Content-Encoding that a route sets, so that a client would read gibberish.
 */
export function streamed(reader: ChunkReader): ReadableStream<Uint8Array> {
  let pieces = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (++pieces % PIECES_PER_TURN === 0) await yieldTurn();
      const piece = reader.next();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
    cancel: () => reader.close(),
  });
}
