import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as unknown from '@/app/api/[...unknown]/route';
import * as api from '@/app/api/route';
import * as checklist from '@/app/api/v1/checklist/route';
import * as clusters from '@/app/api/v1/clusters/route';
import * as diff from '@/app/api/v1/diff/route';
import * as findings from '@/app/api/v1/findings/route';
import * as history from '@/app/api/v1/history/route';
import * as mark from '@/app/api/v1/marks/[...finding]/route';
import * as marks from '@/app/api/v1/marks/route';
import * as objects from '@/app/api/v1/objects/[...address]/route';
import * as openapi from '@/app/api/v1/openapi.json/route';
import * as snapshotExport from '@/app/api/v1/snapshots/[id]/export/route';
import * as snapshotPng from '@/app/api/v1/snapshots/[id]/image.png/route';
import * as snapshotSvg from '@/app/api/v1/snapshots/[id]/image.svg/route';
import * as snapshot from '@/app/api/v1/snapshots/[id]/route';
import * as snapshots from '@/app/api/v1/snapshots/route';
import * as stream from '@/app/api/v1/stream/route';
import * as topology from '@/app/api/v1/topology/route';
import * as callback from '@/app/auth/callback/route';
import * as logout from '@/app/auth/logout/route';
import * as start from '@/app/auth/start/route';
import * as token from '@/app/auth/token/route';
import * as go from '@/app/go/route';
import * as healthz from '@/app/healthz/route';
import * as metrics from '@/app/metrics/route';
import * as readyz from '@/app/readyz/route';
import { snapshotMetadata } from '@/app/s/[id]/snapshot-metadata';
import { loadSnapshotPage } from '@/server/http/snapshot-page';
import { type Runtime, startRuntime } from '@/server/runtime';

type Handler = (request: Request) => Response | Promise<Response>;
type Route = Readonly<Record<string, unknown>>;

const ROUTES: readonly (readonly [string, Route])[] = [
  ['/api/v1/topology', topology],
  ['/api/v1/stream', stream],
  ['/api/v1/findings', findings],
  ['/api/v1/checklist', checklist],
  ['/api/v1/history', history],
  ['/api/v1/clusters', clusters],
  ['/api/v1/diff', diff],
  ['/api/v1/marks', marks],
  ['/api/v1/marks/*', mark],
  ['/api/v1/objects/*', objects],
  ['/api/v1/snapshots', snapshots],
  ['/api/v1/snapshots/[id]', snapshot],
  ['/api/v1/snapshots/[id]/export', snapshotExport],
  ['/api/v1/snapshots/[id]/image.png', snapshotPng],
  ['/api/v1/snapshots/[id]/image.svg', snapshotSvg],
  ['/api/v1/openapi.json', openapi],
  ['/auth/callback', callback],
  ['/auth/logout', logout],
  ['/auth/start', start],
  ['/auth/token', token],
  ['/go', go],
  ['/healthz', healthz],
  ['/readyz', readyz],
  ['/metrics', metrics],
  ['/s/[id]', { GET: snapshotPage }],
  ['/api', api],
  ['/api/*', unknown],
];

/** What the page of a snapshot and its tags are made of: all that leaves with it. */
async function snapshotPage(request: Request): Promise<Response> {
  const page = await loadSnapshotPage(new URL(request.url).pathname.slice('/s/'.length), request.headers);
  return Response.json({ page, tags: snapshotMetadata(page.state === 'found' ? page.preview : null) });
}

export interface WholeServer {
  readonly url: string;
  readonly runtime: Runtime;
  close(): Promise<void>;
}

/** The dashboard without its pages: settings, runtime and the routes of `app`, behind a socket as Next puts them there. */
export async function serveWhole(env: NodeJS.ProcessEnv): Promise<WholeServer> {
  // History is kept only where a test says where.
  const runtime = startRuntime({ DATABASE_URL: 'off', ...env });
  const server = createServer((message, response) => void answer(message, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, runtime, close: () => close(server, runtime) };
}

async function close(server: Server, runtime: Runtime): Promise<void> {
  await runtime.stop();
  const closed = new Promise((done) => server.close(done));
  // What has been said is read to its end, as by a server that ends after a moment.
  const idle = setInterval(() => server.closeIdleConnections(), 10);
  const insist = setTimeout(() => server.closeAllConnections(), 1000);
  await closed;
  clearInterval(idle);
  clearTimeout(insist);
  // The next one starts anew.
  Reflect.deleteProperty(globalThis, Symbol.for('ingress-atlas.runtime'));
}

async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://127.0.0.1');
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const method = message.method ?? 'GET';
  const headers = Object.entries(message.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  const handler = handlerOf(url.pathname, method);
  const {
    status,
    headers: sent,
    body,
  } = await handler(
    new Request(url, {
      method,
      headers: new Headers(headers.map(([name, value]) => [name, value])),
      ...(method === 'GET' || method === 'HEAD'
        ? {}
        : { body: Readable.toWeb(message) as ReadableStream<Uint8Array>, duplex: 'half' }),
      signal: gone.signal,
    }),
  );
  // One by one: there may be several of Set-Cookie.
  for (const [name, value] of sent) response.appendHeader(name, value);
  response.writeHead(status);
  response.flushHeaders();
  if (!body) return void response.end();
  await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), response).catch(
    () => undefined,
  );
}

function handlerOf(path: string, method: string): Handler {
  const route = ROUTES.find(([pattern]) => matches(pattern, path))?.[1];
  return (route?.[method] as Handler | undefined) ?? (() => new Response('no such route', { status: 404 }));
}

function matches(pattern: string, path: string): boolean {
  if (pattern.endsWith('*')) return path.startsWith(pattern.slice(0, -1));
  const parts = path.split('/');
  const wanted = pattern.split('/');
  return (
    parts.length === wanted.length && wanted.every((part, index) => part === '[id]' || part === parts[index])
  );
}
