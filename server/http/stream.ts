import 'server-only';
import { parsePosition, parseViews } from '@/lib/wire/views';
import type { Viewer } from '@/server/access/viewer';
import { type HttpContext, wrongCluster } from './context';
import { API_HEADERS, badParameters, problem } from './problem';

/** When a full server may have room again. */
const RETRY_AFTER_S = 10;

const HEADERS: Readonly<Record<string, string>> = {
  ...API_HEADERS,
  'Content-Type': 'text/event-stream; charset=utf-8',
  // no-transform: a proxy that compresses would hold events back.
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
};

/** `GET /api/v1/stream` */
export function getStream(request: Request, context: HttpContext, viewer: Viewer): Response {
  const { searchParams } = new URL(request.url);
  const views = parseViews(searchParams);
  if (!views.ok) return badParameters(views.errors);
  for (const { filters } of views.value) {
    const wrong = wrongCluster(filters, context);
    if (wrong) return badParameters([wrong]);
  }
  // The header is newer: a browser that reconnects repeats the URL it began with.
  const position =
    parsePosition(request.headers.get('last-event-id')) ?? parsePosition(searchParams.get('since'));
  const connection = context.streams.connect(views.value, position, request.signal, viewer.ended);
  if (connection) return new Response(connection.body, { headers: HEADERS });
  return problem({
    status: 503,
    title: 'Too many clients',
    detail: `${context.streams.allClients} clients are connected and no more are taken; try again in ${RETRY_AFTER_S} s.`,
    headers: { 'Retry-After': String(RETRY_AFTER_S) },
  });
}

/** `HEAD /api/v1/stream`: its headers, without opening a stream. */
export function headStream(): Response {
  return new Response(null, { headers: HEADERS });
}
