import 'server-only';
import { randomUUID } from 'node:crypto';

export const REQUEST_ID = 'X-Request-Id';

/** Letters, digits and what ids of tracing systems have besides: nothing that could break a log line or a header. */
const SANE = /^[\w.:=+/-]{8,128}$/;

/** The id that a proxy in front gave this request, where it can be one; else a new one. */
export function requestIdOf(headers: Pick<Headers, 'get'>): string {
  const given = headers.get(REQUEST_ID) ?? '';
  return SANE.test(given) ? given : randomUUID();
}

/** The answer with the request's id in its head, and in its body where it says what went wrong. */
export async function withRequestId(response: Response, id: string): Promise<Response> {
  if (response.headers.get('content-type') !== 'application/problem+json') {
    response.headers.set(REQUEST_ID, id);
    return response;
  }
  const body: unknown = await response.json();
  const headers = new Headers(response.headers);
  headers.set(REQUEST_ID, id);
  const told = JSON.stringify(typeof body === 'object' ? { ...body, requestId: id } : body);
  return new Response(told, { status: response.status, headers });
}
