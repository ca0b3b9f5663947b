import 'server-only';
import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage, Server } from 'node:http';
import { bearableMethod, bearableTarget } from './request-target';

/** Milliseconds but for the last. */
export interface HttpLimits {
  /** For a request's head to have come whole; also for a connection to say anything at all. */
  readonly headers: number;
  /** For a request with its body to have come whole. Bodies are 64 kB at most. */
  readonly request: number;
  /**
   * For which an idle connection is kept. Longer than a proxy keeps its own (ingress-nginx and an ALB 60 s): one that we
   * close first is a 502 for whoever's request is just then on its way.
   */
  readonly keepAlive: number;
  /** Sockets at once: two thousand streams, and the requests of those who open them. */
  readonly connections: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headers: 15_000,
  request: 30_000,
  keepAlive: 65_000,
  connections: 4096,
};

const limited = new WeakSet<Server>();

/** Limits what a server spends on slow or idle clients. An answer may take as long as it likes: streams do. */
export function applyLimits(server: Server, limits: HttpLimits = HTTP_LIMITS): void {
  if (limited.has(server)) return;
  limited.add(server);
  server.headersTimeout = limits.headers;
  server.requestTimeout = limits.request;
  server.keepAliveTimeout = limits.keepAlive;
  server.maxConnections = limits.connections;
  server.timeout = 0;
}

/**
 * Limits every HTTP server of this process from its first request on, and mends what requests ask for where the
 * framework could not bear it. The framework makes the server and gives it to nobody; Node tells of each request before
 * anybody handles it (diagnostics channel `http.server.request.start`), which holds for `npm start` and the standalone
 * server alike. Until a first request, which a readiness probe makes, Node's own limits hold (a minute for headers).
 */
export function limitServers(): void {
  subscribe('http.server.request.start', (message) => {
    const { server, request } = message as { readonly server?: unknown; readonly request?: unknown };
    if (server instanceof Server) applyLimits(server);
    if (!(request instanceof IncomingMessage)) return;
    request.url = bearableTarget(request.url ?? '/');
    request.method = bearableMethod(request.method ?? 'GET');
  });
}
