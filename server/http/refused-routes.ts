import 'server-only';
import { notFound, problem } from './problem';
import { serve, serveOpen } from './serve';

/** For methods that a path does not have. `allow`: those that it has. */
export function allowOnly(allow: string): (request: Request) => Promise<Response> {
  return (request) =>
    serveOpen(request, () =>
      problem({
        status: 405,
        title: 'Method not allowed',
        detail: `${request.method} ${new URL(request.url).pathname} is not possible; allowed: ${allow}`,
        headers: { Allow: allow },
      }),
    );
}

/** The same for what can only be read. */
export const methodNotAllowed = allowOnly('GET, HEAD');

/** For paths under `/api` that there are not. Strangers are asked to sign in there as everywhere. */
export function unknownPath(request: Request): Promise<Response> {
  return serve(request, () =>
    notFound(`There is no ${new URL(request.url).pathname}; /api/v1/openapi.json lists what there is.`),
  );
}
