import 'server-only';
import { formatFilters, parseFilters } from '@/lib/wire/filters';
import { streamed } from './body';
import { type HttpContext, wrongCluster } from './context';
import { etagOf, matches } from './etag';
import { getPastTopology } from './past-topology';
import { API_HEADERS, badParameters } from './problem';
import { timeParameter } from './time';

/** `GET /api/v1/topology`, now or `at` a time. */
export async function getTopology(request: Request, context: HttpContext): Promise<Response> {
  const params = new URL(request.url).searchParams;
  const filters = parseFilters(params);
  const at = timeParameter(params, 'at');
  if (!filters.ok) return badParameters(filters.errors);
  if (!at.ok) return badParameters(at.errors);
  const wrong = wrongCluster(filters.value, context);
  if (wrong) return badParameters([wrong]);
  if (at.value !== null) return getPastTopology(at.value, filters.value, context);
  const { hub } = context;
  const tag = (version: number) =>
    etagOf(hub.head.epoch, version, hub.head.cluster.id, formatFilters(filters.value));
  const now = tag(await hub.version(filters.value));
  if (matches(request, now)) return new Response(null, { status: 304, headers: headersFor(now) });
  const { version, chunks } = await hub.snapshot(filters.value);
  const reader = chunks.reader();
  if (!reader) throw new Error('a snapshot was gone before it was read');
  const headers = { ...headersFor(tag(version)), 'Content-Type': 'application/json; charset=utf-8' };
  return new Response(streamed(reader), { headers });
}

function headersFor(etag: string): Record<string, string> {
  return {
    ...API_HEADERS,
    // A browser may keep it, and must ask whether it still holds.
    'Cache-Control': 'private, no-cache',
    Vary: 'Cookie, Authorization, Accept-Encoding',
    ETag: etag,
  };
}
