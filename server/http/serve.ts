import 'server-only';
import { currentRuntime, type Runtime } from '@/server/runtime';
import { transportSecurity } from './content-security';
import type { HttpContext } from './context';
import { isOwnName } from './own-name';
import { badParameters, problem } from './problem';
import { REQUEST_ID, requestIdOf, withRequestId } from './request-id';
import { routeName } from './route-name';
import { wantedCluster } from './wanted-cluster';

/** The contexts of all clusters, the first one first; for the few handlers that look beyond one. */
export type Everywhere = () => Promise<readonly HttpContext[]>;

type Handler = (
  request: Request,
  context: HttpContext,
  everywhere: Everywhere,
) => Response | Promise<Response>;

/**
 * Runs a handler with the cluster that the request names, where the request is admitted; what it throws is logged and
 * answered as an error that gives nothing away. The answer, the log's lines and an error's body carry the request's id.
 */
export async function serve(request: Request, handler: Handler): Promise<Response> {
  const id = requestIdOf(request.headers);
  const began = performance.now();
  const response = await withRequestId(await answer(request, handler, id), id);
  const runtime = currentRuntime();
  const secure = transportSecurity(runtime?.config.publicUrl ?? '');
  for (const [name, value] of Object.entries(secure)) response.headers.set(name, value);
  runtime?.answered({
    requestId: id,
    method: request.method,
    route: routeName(new URL(request.url).pathname),
    status: response.status,
    ms: performance.now() - began,
  });
  return response;
}

async function answer(request: Request, handler: Handler, requestId: string): Promise<Response> {
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
    const everywhere = () => Promise.resolve(runtime.clusters);
    return await runtime.admission.serve(request, async () => await handler(request, context, everywhere));
  } catch (error) {
    runtime.report(error, { requestId });
    const detail = `The dashboard’s log says more, under ${REQUEST_ID} ${requestId}.`;
    return problem({ status: 500, title: 'Internal error', detail });
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
