import 'server-only';
import { currentRuntime } from '@/server/runtime';
import { transportSecurity } from './content-security';
import type { HttpContext } from './context';
import { isOwnName } from './own-name';
import { problem } from './problem';
import { REQUEST_ID, requestIdOf, withRequestId } from './request-id';
import { routeName } from './route-name';

type Handler = (request: Request, context: HttpContext) => Response | Promise<Response>;

/**
 * Runs a handler with the runtime, where the request is admitted; what it throws is logged and answered as an error that
 * gives nothing away. The answer, the log's lines and an error's body carry the request's id.
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
    return await runtime.admission.serve(request, async () => await handler(request, runtime));
  } catch (error) {
    runtime.report(error, { requestId });
    const detail = `The dashboard’s log says more, under ${REQUEST_ID} ${requestId}.`;
    return problem({ status: 500, title: 'Internal error', detail });
  }
}
