import 'server-only';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export interface SeenRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly isWatch: boolean;
  readonly at: number;
}

interface Watcher {
  readonly collection: string;
  readonly response: ServerResponse;
}

interface HistoryEntry {
  readonly version: number;
  readonly collection: string;
  readonly line: string;
}

/** Takes a request over; false leaves it to the server. */
export type Intercept = (request: SeenRequest, response: ServerResponse) => boolean;

/** Collections by path: `/api/v1/pods`, `/apis/networking.k8s.io/v1/ingresses`. */
export class FakeApi {
  readonly requests: SeenRequest[] = [];
  readonly watchers = new Set<Watcher>();
  intercept: Intercept = () => false;
  version = 100;
  /** Watches from before this version are answered with 410. */
  compacted = 0;
  #collections = new Map<string, Map<string, FakeObject>>();
  #history: HistoryEntry[] = [];
  #server: Server;
  #port = 0;

  constructor() {
    this.#server = this.#create();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  #create(): Server {
    return createServer((request, response) => this.#handle(request, response));
  }

  /** Listens, the second time on the port of the first. */
  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Goes down hard; {@link start} brings it up again with all its objects. */
  async stop(): Promise<void> {
    this.watchers.clear();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
    this.#server = this.#create();
  }

  put(collection: string, object: FakeObject): void {
    const { namespace = '', name } = object.metadata;
    const objects = this.#collection(collection);
    const type = objects.has(`${namespace}/${name}`) ? 'MODIFIED' : 'ADDED';
    this.version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version) } };
    objects.set(`${namespace}/${name}`, stored);
    this.#tell(collection, type, stored);
  }

  remove(collection: string, namespace: string, name: string, silently = false): void {
    const found = this.#collection(collection).get(`${namespace}/${name}`);
    if (found === undefined) return;
    this.#collection(collection).delete(`${namespace}/${name}`);
    this.version += 1;
    if (silently) return;
    this.#tell(collection, 'DELETED', {
      ...found,
      metadata: { ...found.metadata, resourceVersion: String(this.version) },
    });
  }

  bookmark(): void {
    const object = { metadata: { resourceVersion: String(this.version), name: undefined } };
    this.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }

  /** Writes raw bytes to all open watches (of one collection). */
  write(bytes: string, collection?: string): void {
    for (const watcher of this.watchers) {
      if (collection === undefined || watcher.collection === collection) watcher.response.write(bytes);
    }
  }

  /** Ends all open watches as a server does after timeoutSeconds, or cuts their connection. */
  endWatches(cut = false): void {
    for (const { response } of this.watchers) {
      if (cut) response.socket?.destroy();
      else response.end();
    }
    this.watchers.clear();
  }

  lists(path: string): SeenRequest[] {
    return this.requests.filter(
      (request) => request.path === path && !request.isWatch && !isQuestion(request),
    );
  }

  watches(path: string): SeenRequest[] {
    return this.requests.filter((request) => request.path === path && request.isWatch);
  }

  #collection(path: string): Map<string, FakeObject> {
    const found = this.#collections.get(path) ?? new Map<string, FakeObject>();
    this.#collections.set(path, found);
    return found;
  }

  #tell(collection: string, type: string, object: unknown): void {
    const line = `${JSON.stringify({ type, object })}\n`;
    this.#history.push({ version: this.version, collection, line });
    this.write(line, collection);
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://x');
    const seen = {
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      isWatch: url.searchParams.get('watch') === 'true',
      at: Date.now(),
    };
    this.requests.push(seen);
    response.on('error', () => undefined);
    if (this.intercept(seen, response)) return;
    if (seen.path === '/version') sendJson(response, 200, { gitVersion: 'v1.34.0' });
    else if (seen.isWatch) this.#watch(seen, response);
    else if (this.#collections.has(seen.path)) this.#list(seen, response);
    else this.#get(seen, response);
  }

  #get(seen: SeenRequest, response: ServerResponse): void {
    const match = /^(.*)\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(seen.path);
    const found =
      match === null
        ? undefined
        : this.#collections.get(`${match[1]}/${match[3]}`)?.get(`${match[2]}/${match[4]}`);
    if (found === undefined) sendStatus(response, 404, 'not found');
    else sendJson(response, 200, found);
  }

  #list({ path, query }: SeenRequest, response: ServerResponse): void {
    const limit = Number(query.get('limit') ?? 0) || Number.POSITIVE_INFINITY;
    const from = Number(query.get('continue') ?? 0);
    const all = [...this.#collection(path).values()];
    const items = all.slice(from, from + limit);
    const rest = all.length - from - limit;
    const more = rest > 0 ? { continue: String(from + limit), remainingItemCount: rest } : {};
    sendJson(response, 200, {
      kind: 'List',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(this.version), ...more },
      items,
    });
  }

  #watch({ path, query }: SeenRequest, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion'));
    if (from < this.compacted) {
      sendStatus(response, 410, 'too old resource version');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const watcher = { collection: path, response };
    this.watchers.add(watcher);
    response.on('close', () => this.watchers.delete(watcher));
    for (const entry of this.#history)
      if (entry.collection === path && entry.version > from) response.write(entry.line);
  }
}

/** How many there are is asked for with a list of one. */
export function isQuestion({ query }: Pick<SeenRequest, 'query'>): boolean {
  return query.get('limit') === '1';
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** An error as the API server sends it. */
export function sendStatus(
  response: ServerResponse,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  sendJson(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message }, headers);
}
