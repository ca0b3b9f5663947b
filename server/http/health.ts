import 'server-only';
import type { WireRecorder } from '@/lib/wire/history';
import type { HttpContext } from './context';
import { API_HEADERS, json } from './problem';
import { rfc3339, rfc3339OrNull } from './time';

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
    recorder: context && recorderOf(context),
  };
  if (context) return json(body);
  return new Response(JSON.stringify(body), {
    status: 503,
    headers: { ...API_HEADERS, 'Content-Type': 'application/json' },
  });
}

function recorderOf({ recorder }: HttpContext): WireRecorder {
  const { state, reason, since, oldest, newest, bytes } = recorder.status;
  return {
    state,
    reason,
    since: rfc3339(since),
    oldest: rfc3339OrNull(oldest),
    newest: rfc3339OrNull(newest),
    bytes,
  };
}
