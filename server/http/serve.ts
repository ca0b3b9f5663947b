import 'server-only';
import { isTooManyRights } from '@/server/access/too-many-rights';
import type { Viewer } from '@/server/access/viewer';
import { signInPath } from '@/server/auth/return-path';
import { currentRuntime, type Runtime } from '@/server/runtime';
import { transportSecurity } from './content-security';
import type { HttpContext } from './context';
import { isOwnName } from './own-name';
import { badParameters, problem } from './problem';
import { REQUEST_ID, requestIdOf, withRequestId } from './request-id';
import { routeName } from './route-name';
import { identify, viewOfOther, whileReading, wholeViewOf } from './viewing';
import { wantedCluster } from './wanted-cluster';

/** The contexts of all clusters as the viewer may see them, the first one first; for the few handlers that look beyond one. */
export type Everywhere = () => Promise<readonly HttpContext[]>;

/** Answers a request of somebody who may see what the context shows. */
export type Handler = (
  request: Request,
  context: HttpContext,
  viewer: Viewer,
  everywhere: Everywhere,
) => Response | Promise<Response>;

/** What somebody gets of whom nothing is known. Default: an answer that asks to sign in. */
export interface Strangers {
  /** For links that people follow: to the sign-in page, and back. */
  readonly toSignIn?: boolean;
  /** Whether the bearer token of a request is a right of its own, and says nothing of who sends it. */
  readonly bearerIsNobody?: boolean;
  /** Whether a request is answered whoever sends it; asked only where nobody is known by it. */
  readonly may?: (request: Request, runtime: Runtime) => boolean | Promise<boolean>;
}

/** Nobody in particular. */
const NOBODY: Viewer = {
  user: 'system:anonymous',
  groups: ['system:unauthenticated'],
  extra: {},
  ended: new AbortController().signal,
};

/** Runs a handler for who asks, with what they may see of the cluster that the request names. */
export function serve(request: Request, handler: Handler, strangers: Strangers = {}): Promise<Response> {
  return serveOpen(request, async (_, runtime) => {
    const headers = strangers.bearerIsNobody ? withoutBearer(request.headers) : request.headers;
    const identified = await identify(headers, runtime);
    if ('refusal' in identified) {
      const { first } = runtime;
      if (identified.isStranger && (await strangers.may?.(request, runtime)))
        return await handler(request, first, NOBODY, () => Promise.resolve([first]));
      return identified.isStranger && strangers.toSignIn ? toSignIn(request) : identified.refusal;
    }
    const { viewer, cookies } = identified;
    const answer = await answerFor(request, viewer, runtime, handler);
    for (const cookie of cookies) answer.headers.append('Set-Cookie', cookie);
    return answer;
  });
}

async function answerFor(
  request: Request,
  viewer: Viewer,
  runtime: Runtime,
  handler: Handler,
): Promise<Response> {
  const wanted = wantedCluster(new URL(request.url).searchParams);
  if (!wanted.ok) return badParameters(wanted.errors);
  const cluster = runtime.contextOf(wanted.value);
  if (!cluster) {
    const allowed = runtime.clusters.map(({ id }) => id);
    const value = (wanted.value ?? '').slice(0, 200);
    return badParameters([{ parameter: 'cluster', value, problem: 'is not watched here', allowed }]);
  }
  const view = await wholeViewOf(viewer, cluster, runtime);
  const everywhere: Everywhere = () =>
    Promise.all(
      runtime.clusters.map(async (one) =>
        one === cluster ? view.context : (await viewOfOther(viewer, one)).context,
      ),
    );
  return await handler(
    request,
    view.context,
    whileReading(viewer, view.rights, cluster, request),
    everywhere,
  );
}

/**
 * The same for what needs no viewer, such as signing in, where the request is admitted. What a handler throws is logged and
 * answered as an error that gives nothing away. The answer, the log's lines and an error's body carry the request's id.
 */
export function serveOpen(
  request: Request,
  handler: (request: Request, runtime: Runtime) => Response | Promise<Response>,
): Promise<Response> {
  return finished(request, (id) => answer(request, handler, id));
}

/** The same for what is answered to everybody always, also while the program starts and however much is asked: a kubelet's probes. */
export function serveAlways(
  request: Request,
  handler: (request: Request) => Response | Promise<Response>,
): Promise<Response> {
  return finished(request, () => handler(request));
}

async function finished(
  request: Request,
  work: (requestId: string) => Response | Promise<Response>,
): Promise<Response> {
  const id = requestIdOf(request.headers);
  const began = performance.now();
  const response = await withRequestId(await work(id), id);
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

async function answer(
  request: Request,
  handler: (request: Request, runtime: Runtime) => Response | Promise<Response>,
  requestId: string,
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
    return await runtime.admission.serve(
      request,
      runtime.auth.peers,
      async () => await handler(request, runtime),
    );
  } catch (error) {
    return failure(error, runtime, requestId);
  }
}

function failure(error: unknown, runtime: Runtime, requestId: string): Response {
  if (isTooManyRights(error))
    return problem({
      status: 503,
      title: 'Too many different rights',
      detail: `${error.message}: try again in a minute.`,
      headers: { 'Retry-After': '60' },
    });
  runtime.report(error, { requestId });
  const detail = `The dashboard’s log says more, under ${REQUEST_ID} ${requestId}.`;
  return problem({ status: 500, title: 'Internal error', detail });
}

function withoutBearer(headers: Headers): Headers {
  const others = new Headers(headers);
  others.delete('authorization');
  return others;
}

function toSignIn(request: Request): Response {
  const { pathname, search } = new URL(request.url);
  const headers = { Location: signInPath(`${pathname}${search}`), 'Cache-Control': 'no-store' };
  return new Response(null, { status: 303, headers });
}
