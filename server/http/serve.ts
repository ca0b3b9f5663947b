import 'server-only';
import { isTooManyRights } from '@/server/access/too-many-rights';
import { currentRuntime } from '@/server/runtime';
import type { HttpContext } from './context';
import { isOwnName } from './own-name';
import { problem } from './problem';

/** Runs a handler with what the sender of the request may see; what it throws is logged and answered as an error that gives nothing away. */
export async function serve(
  request: Request,
  handler: (request: Request, context: HttpContext) => Response | Promise<Response>,
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
    const view = await runtime.viewing(request);
    if (view instanceof Response) return view;
    return await handler(request, await runtime.access.restrict(view));
  } catch (error) {
    if (isTooManyRights(error))
      return problem({
        status: 503,
        title: 'Too many different rights',
        detail: `${error.message}: try again in a minute.`,
        headers: { 'Retry-After': '60' },
      });
    runtime.report(error);
    return problem({ status: 500, title: 'Internal error', detail: 'The dashboard’s log says more.' });
  }
}
