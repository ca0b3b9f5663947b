import 'server-only';
import { currentRuntime, type Runtime } from '@/server/runtime';
import type { HttpContext } from './context';
import { isOwnName } from './own-name';
import { badParameters, problem } from './problem';
import { wantedCluster } from './wanted-cluster';

/** The contexts of all clusters, the first one first; for the few handlers that look beyond one. */
export type Everywhere = () => Promise<readonly HttpContext[]>;

/** Runs a handler with the cluster that the request names; what it throws is logged and answered as an error that gives nothing away. */
export async function serve(
  request: Request,
  handler: (request: Request, context: HttpContext, everywhere: Everywhere) => Response | Promise<Response>,
): Promise<Response> {
  const runtime = currentRuntime();
  if (!runtime) {
    return problem({
      status: 503,
      title: 'Starting',
      detail: 'Try again in a moment.',
      headers: { 'Retry-After': '1' },
    });
  }
  if (!isOwnName(request.headers.get('host'), runtime.config)) {
    return problem({
      status: 421,
      title: 'Misdirected request',
      detail:
        'This dashboard answers to localhost only; where people reach it by another name, set ATLAS_PUBLIC_URL.',
    });
  }
  try {
    const context = contextOf(request, runtime);
    if (context instanceof Response) return context;
    return await handler(request, context, () => Promise.resolve(runtime.clusters));
  } catch (error) {
    runtime.report(error);
    return problem({ status: 500, title: 'Internal error', detail: 'The dashboard’s log says more.' });
  }
}

function contextOf(request: Request, runtime: Runtime): HttpContext | Response {
  const wanted = wantedCluster(new URL(request.url).searchParams);
  if (!wanted.ok) return badParameters(wanted.errors);
  const context = runtime.contextOf(wanted.value);
  if (context) return context;
  const allowed = runtime.clusters.map(({ id }) => id);
  const value = (wanted.value ?? '').slice(0, 200);
  return badParameters([{ parameter: 'cluster', value, problem: 'is not watched here', allowed }]);
}
