import 'server-only';
import https from 'node:https';
import type { CustomFetch } from 'openid-client';

const LONGEST_ANSWER = 4 * 1024 * 1024;

/** `fetch`, as far as an OpenID provider needs it, that trusts certificate authorities of one's own and no other. */
export function fetchTrusting(ca: string): CustomFetch {
  const agent = new https.Agent({ ca, keepAlive: true });
  return (url, { method, headers, body, signal }) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const request = https.request(url, { agent, method, headers, ...(signal ? { signal } : {}) });
    request.on('error', reject);
    request.on('response', (response) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      response.on('error', reject);
      response.on('data', (piece: Buffer) => {
        bytes += piece.length;
        pieces.push(piece);
        if (bytes > LONGEST_ANSWER) response.destroy(new Error('the answer is too long'));
      });
      response.on('end', () => {
        const given = Object.entries(response.headersDistinct);
        const sent = given.flatMap(([name, values]) =>
          (values ?? []).map((value): [string, string] => [name, value]),
        );
        const status = response.statusCode ?? 502;
        const empty = status === 204 || status === 304;
        resolve(new Response(empty ? null : Buffer.concat(pieces), { status, headers: sent }));
      });
    });
    request.end(body instanceof URLSearchParams ? body.toString() : (body ?? undefined));
    return promise;
  };
}
