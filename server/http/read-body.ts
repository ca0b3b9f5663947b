import 'server-only';
import { problem } from './problem';

/** What is too long is read to its end up to here and thrown away: who is cut off in the middle never reads the answer. */
const MOST_DRAINED = 32 * 1024 * 1024;

/** The JSON of a request's body, or the answer that says what is wrong with it. Never more than `most` bytes are held. */
export async function readJson(
  request: Request,
  most: number,
): Promise<{ readonly value: unknown } | { readonly response: Response }> {
  const body = await readBytes(request, most);
  return 'response' in body ? body : parsed(body.bytes);
}

/** A request's body, or the answer that says that it is too long. Never more than `most` bytes are held. */
export async function readBytes(
  request: Request,
  most: number,
): Promise<{ readonly bytes: Buffer } | { readonly response: Response }> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const reader = request.body?.getReader();
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    bytes += piece.value.length;
    if (bytes <= most) pieces.push(piece.value);
    else pieces.length = 0;
    if (bytes > MOST_DRAINED) break;
  }
  if (bytes > most) {
    // Its sender may have gone.
    await reader?.cancel().catch(() => undefined);
    return { response: tooLarge(most) };
  }
  return { bytes: Buffer.concat(pieces) };
}

function parsed(body: Buffer): { readonly value: unknown } | { readonly response: Response } {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      response: problem({
        status: 400,
        title: 'Wrong body',
        detail: `The body is no JSON: ${why.slice(0, 200)}`,
      }),
    };
  }
}

function tooLarge(most: number): Response {
  return problem({
    status: 413,
    title: 'Body too large',
    detail: `The body is longer than ${Math.round(most / 1024)} kB; no more is allowed.`,
  });
}
