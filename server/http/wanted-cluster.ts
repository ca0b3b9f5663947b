import 'server-only';
import type { Parsed } from '@/lib/wire/filters';

/**
 * Id of the cluster that a query string asks for: `cluster=`, of a stream also that of its views; null: the first. One
 * connection is of one cluster: whoever watches two opens two.
 */
export function wantedCluster(params: URLSearchParams): Parsed<string | null> {
  const own = params.getAll('cluster');
  // A view that names none is of the same cluster as the request.
  const ofViews = params.getAll('view').flatMap((view) => inView(view) ?? []);
  const named = [...new Set([...own, ...ofViews].filter((id) => id !== ''))];
  if (named.length < 2) return { ok: true, value: named[0] ?? null };
  const value = named.join(', ').slice(0, 200);
  const problem = 'may be one only: open a stream for each cluster';
  return { ok: false, errors: [{ parameter: 'cluster', value, problem }] };
}

/** Of `NAME:FILTERS`. */
function inView(view: string): string | null {
  const colon = view.indexOf(':');
  return colon < 0 ? null : new URLSearchParams(view.slice(colon + 1)).get('cluster');
}
