// Routes beside the Kubernetes API: the sandbox's own controls.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from './context';
import { faultInputs } from './faults';
import { parseBody, readBody, sendJson } from './http';
import { record } from './json';
import { badRequest, forbidden, notFound } from './status';

export type RouteRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  message: IncomingMessage;
  /** The body as JSON; an empty one is `{}`. */
  body: () => Promise<unknown>;
};
export type RouteHandler = (request: RouteRequest, response: ServerResponse) => void | Promise<void>;

/** Routes by method and path; a path that ends in `*` stands for all that begin so. */
export class Routes {
  readonly #routes = new Map<string, RouteHandler>();

  add(method: string, path: string, handler: RouteHandler): void {
    this.#routes.set(`${method.toUpperCase()} ${path}`, handler);
  }

  find(method: string, path: string): RouteHandler | undefined {
    const exact = this.#routes.get(`${method} ${path}`);
    if (exact !== undefined) return exact;
    let best: { length: number; handler: RouteHandler } | undefined;
    for (const [key, handler] of this.#routes) {
      const prefix = key.endsWith('*') ? key.slice(0, -1) : undefined;
      if (prefix === undefined || !`${method} ${path}`.startsWith(prefix)) continue;
      if (best === undefined || prefix.length > best.length) best = { length: prefix.length, handler };
    }
    return best?.handler;
  }
}

/** Refuses what a foreign web page sends: the controls have no password. */
export function checkOrigin(message: IncomingMessage): void {
  const { origin, host } = message.headers;
  if (origin === undefined || message.method === 'GET') return;
  if (!URL.canParse(origin) || new URL(origin).host !== host)
    throw forbidden('requests from other origins are refused');
}

/** What a handler gets. */
export function routeRequest(message: IncomingMessage, url: URL): RouteRequest {
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    message,
    body: async () => {
      const bytes = await readBody(message);
      return bytes.length === 0 ? {} : parseBody(bytes, 'application/json');
    },
  };
}

/** The routes for faults, watch history and continue tokens. */
export function addControlRoutes(routes: Routes, context: Context): void {
  const { faults, hub, tokens } = context;
  routes.add('GET', '/sandbox/faults', (_request, response) =>
    sendJson(response, 200, { faults: faults.list() }),
  );
  routes.add('POST', '/sandbox/faults', async (request, response) => {
    const added = faultInputs(await request.body()).map((input) => faults.add(input));
    sendJson(response, 201, { faults: added });
  });
  routes.add('DELETE', '/sandbox/faults', (_request, response) => {
    faults.clear();
    sendJson(response, 200, { faults: [] });
  });
  routes.add('DELETE', '/sandbox/faults/*', ({ path }, response) => {
    const id = path.slice('/sandbox/faults/'.length);
    if (!faults.remove(id)) throw notFound({ group: '', resource: 'faults', kind: 'Fault' }, id);
    sendJson(response, 200, { faults: faults.list() });
  });
  routes.add('POST', '/sandbox/watch-history', async (request, response) => {
    const { size, expire } = record(await request.body());
    if (size !== undefined && (typeof size !== 'number' || !Number.isInteger(size) || size < 0))
      throw badRequest('size is not a number of events');
    if (typeof size === 'number') hub.history.resize(size);
    if (expire === true) hub.history.clear();
    sendJson(response, 200, { size: hub.history.size, watches: hub.watchers().length });
  });
  routes.add('POST', '/sandbox/continue-tokens', async (request, response) => {
    const { lifetimeMs, expire } = record(await request.body());
    if (typeof lifetimeMs === 'number' && lifetimeMs >= 0) tokens.lifetimeMs = lifetimeMs;
    if (expire === true) tokens.expireAll();
    sendJson(response, 200, { lifetimeMs: tokens.lifetimeMs });
  });
  routes.add('GET', '/sandbox/status', (_request, response) => {
    sendJson(response, 200, {
      resourceVersion: String(context.storage.resourceVersion),
      watches: hub.watchers().map(({ resource, path }) => ({ resource, path })),
      faults: faults.list(),
      watchHistory: hub.history.size,
      continueLifetimeMs: tokens.lifetimeMs,
    });
  });
}
