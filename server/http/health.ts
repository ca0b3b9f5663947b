import 'server-only';
import type { HttpContext } from './context';
import { API_HEADERS, json } from './problem';

/** `GET /healthz`: the process lives. */
export function getHealth(): Response {
  return json({ status: 'ok' });
}

/** `GET /readyz`: it listens with a valid configuration; how it stands with the cluster is information only. */
export function getReadiness(context: HttpContext | null): Response {
  const body = {
    status: context ? 'ready' : 'starting',
    cluster: context?.hub.head.cluster ?? null,
    synced: context?.hub.synced ?? false,
  };
  if (context) return json(body);
  return new Response(JSON.stringify(body), {
    status: 503,
    headers: { ...API_HEADERS, 'Content-Type': 'application/json' },
  });
}

/** `GET /metrics` */
export async function getMetrics(context: HttpContext): Promise<Response> {
  const { contentType, body } = await context.metrics();
  return new Response(body, { headers: { ...API_HEADERS, 'Content-Type': contentType } });
}
