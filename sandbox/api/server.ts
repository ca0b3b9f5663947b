// The API server: one HTTP server on loopback over one storage.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Admission } from './admission/admission';
import { parsePath, parseRequest } from './api-request';
import { AppliedConfigurations } from './apply';
import { Authenticator, type AuthOptions, impersonated, type User } from './auth';
import { registerBuiltinKinds } from './builtin-kinds';
import type { Context, LogSource } from './context';
import { ContinueTokens } from './continue-tokens';
import { followDefinitions } from './crds';
import { GarbageCollector, NamespaceLifecycle } from './deletion';
import { befall } from './fault-effects';
import { Faults } from './faults';
import { sendError } from './http';
import type { Source } from './list';
import { sendMeta, sendPublic } from './meta-paths';
import { Authorizer, refusal } from './rbac';
import { handleResource } from './resource-handler';
import { addControlRoutes, checkOrigin, type RouteHandler, Routes, routeRequest } from './sandbox-routes';
import { seedCluster } from './seed';
import { forbidden, noSuchPath } from './status';
import type { Storage } from './storage';
import { resourceKey } from './types';
import { WatchHub } from './watch-hub';

export type ServerOptions = {
  storage: Storage;
  /** 0 takes any free port. */
  port?: number;
  host?: string;
  /** Without it, everybody is the administrator. */
  auth?: AuthOptions;
  /** Serve objects exactly as they are: no defaults, no validation, no garbage collection. */
  raw?: boolean;
  /** A controller finishes the deletion of pods. */
  gracefulPods?: boolean;
  logs?: LogSource;
  /** Writes kept for each resource for watches to resume from. */
  watchHistory?: number;
  bookmarkMs?: number;
  continueMs?: number;
  maxWatchBufferBytes?: number;
  now?: () => number;
};

export type ApiServer = {
  url: string;
  port: number;
  faults: Faults;
  authenticator: Authenticator;
  authorizer: Authorizer;
  admission: Admission;
  addRoute: (method: string, path: string, handler: RouteHandler) => void;
  setLogSource: (source: LogSource) => void;
  close: () => Promise<void>;
};

function createContext(
  options: ServerOptions,
  gc: GarbageCollector | undefined,
  lifecycle: NamespaceLifecycle,
): Context {
  const { storage, now = Date.now, raw = false } = options;
  const hub = new WatchHub(storage, {
    historySize: options.watchHistory ?? 4096,
    bookmarkMs: options.bookmarkMs ?? 30_000,
    maxBufferedBytes: options.maxWatchBufferBytes ?? 32 * 1024 * 1024,
    now,
  });
  return {
    storage,
    admission: new Admission(storage, raw),
    authenticator: new Authenticator(options.auth),
    authorizer: new Authorizer(storage),
    hub,
    tokens: new ContinueTokens(options.continueMs ?? 300_000, now),
    faults: new Faults(hub, storage, now),
    applied: new AppliedConfigurations(),
    logs: options.logs ?? (() => []),
    now,
    hasGracefulPods: options.gracefulPods ?? false,
    isRaw: raw,
    orphan: (uid) => gc?.orphan(uid),
    deleteNamespace: (name) => lifecycle.delete(name),
    url: 'http://127.0.0.1',
  };
}

/** The user a request acts as; throws 401, or 403 when one may not act as another. */
function userOf(context: Context, message: IncomingMessage): User {
  const user = context.authenticator.authenticate(message);
  const other = impersonated(message);
  if (other === undefined) return user;
  const attributes = { verb: 'impersonate', group: '', resource: 'users', name: other.name };
  if (!context.authorizer.isAllowed(user, attributes)) throw forbidden(refusal(user, attributes));
  return other;
}

function subjectOf(
  context: Context,
  message: IncomingMessage,
  url: URL,
): { resource: string | undefined; verb: string; path: string } {
  const parts = parsePath(url.pathname);
  const path = url.pathname;
  const key = parts === undefined ? undefined : resourceKey(parts.group, parts.resource);
  if (key === undefined || context.storage.info(key) === undefined)
    return { resource: undefined, verb: 'get', path };
  try {
    const { verb } = parseRequest(message.method ?? 'GET', path, url.searchParams, context.storage);
    return { resource: key, verb, path };
  } catch {
    // A request that is not understood can still be matched by its path; its own error comes later.
    return { resource: key, verb: 'get', path };
  }
}

async function handle(
  context: Context,
  routes: Routes,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://sandbox');
  const { pathname: path, searchParams: query } = url;
  const method = message.method ?? 'GET';
  checkOrigin(message);
  const route = routes.find(method, path);
  if (route !== undefined) return route(routeRequest(message, url), response);
  const subject = subjectOf(context, message, url);
  const fault = context.faults.take(subject);
  let source: Source | undefined;
  if (fault !== undefined) {
    const outcome = await befall(context, fault, subject.verb, response);
    if (outcome.isDone) return;
    source = outcome.source;
  }
  if (sendPublic(path, query, response)) return;
  const user = userOf(context, message);
  if (method === 'GET' && sendMeta(context, path, message, response)) return;
  if (parsePath(path) === undefined) throw noSuchPath();
  const request = parseRequest(method, path, query, context.storage);
  return handleResource(context, request, user, message, response, source);
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Starts the server. Builtin kinds and a fresh cluster's namespaces are added where they are missing. */
export async function startApiServer(options: ServerOptions): Promise<ApiServer> {
  const { storage, host = '127.0.0.1', raw = false, gracefulPods = false } = options;
  registerBuiltinKinds(storage);
  if (!raw) seedCluster(storage);
  followDefinitions(storage, options.now, raw);
  const gc = raw ? undefined : new GarbageCollector(storage, gracefulPods);
  const lifecycle = new NamespaceLifecycle(storage, gracefulPods);
  const context = createContext(options, gc, lifecycle);
  const routes = new Routes();
  addControlRoutes(routes, context);
  const server = createServer({ keepAliveTimeout: 75_000 }, (message, response) => {
    handle(context, routes, message, response).catch((error: unknown) => sendError(response, error));
  });
  const port = await listen(server, options.port ?? 0, host);
  context.url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    url: context.url,
    port,
    faults: context.faults,
    authenticator: context.authenticator,
    authorizer: context.authorizer,
    admission: context.admission,
    addRoute: (method, path, handler) => routes.add(method, path, handler),
    setLogSource: (source) => {
      context.logs = source;
    },
    close: () =>
      new Promise((resolve) => {
        gc?.stop();
        lifecycle.stop();
        context.faults.clear();
        context.hub.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
