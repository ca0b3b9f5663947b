import 'server-only';
import type { Viewer } from '@/server/access/viewer';
import { signInPath } from '@/server/auth/return-path';
import { currentRuntime, type Runtime } from '@/server/runtime';
import type { HttpContext } from './context';
import { isOwnName } from './own-name';
import { problem } from './problem';
import { viewingOf, whileReading } from './viewing';

/** Answers a request of somebody who may see what the context shows. */
export type Handler = (
  request: Request,
  context: HttpContext,
  viewer: Viewer,
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

/**
 * Runs a handler for who asks, with what they may see; what it throws is logged and answered as an error that gives
 * nothing away.
 */
export function serve(request: Request, handler: Handler, strangers: Strangers = {}): Promise<Response> {
  return serveOpen(request, async (_, runtime) => {
    const headers = strangers.bearerIsNobody ? withoutBearer(request.headers) : request.headers;
    const viewing = await viewingOf(headers, runtime);
    if ('refusal' in viewing) {
      if (viewing.isStranger && (await strangers.may?.(request, runtime)))
        return await handler(request, runtime, NOBODY);
      return viewing.isStranger && strangers.toSignIn ? toSignIn(request) : viewing.refusal;
    }
    const { viewer, rights, context, cookies } = viewing;
    const answer = await handler(request, context, whileReading(viewer, rights, runtime, request));
    for (const cookie of cookies) answer.headers.append('Set-Cookie', cookie);
    return answer;
  });
}

/** The same for what needs no viewer, such as signing in. */
export async function serveOpen(
  request: Request,
  handler: (request: Request, runtime: Runtime) => Response | Promise<Response>,
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
    return await handler(request, runtime);
  } catch (error) {
    runtime.report(error);
    return problem({ status: 500, title: 'Internal error', detail: 'The dashboard’s log says more.' });
  }
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
