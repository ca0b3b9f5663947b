// A running server for tests, and short ways to talk to it over real sockets.
import { request as httpRequest } from 'node:http';
import { type ApiServer, type ServerOptions, startApiServer } from './server';
import { type KubeObject, Storage } from './storage';

export type Answer = {
  status: number;
  headers: Record<string, unknown>;
  body: Record<string, unknown>;
  text: string;
};
export type CallOptions = {
  body?: unknown;
  type?: string;
  accept?: string;
  token?: string;
  headers?: Record<string, string>;
};

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    // Tests of plain text look at `text`.
    return {};
  }
}

export type TestServer = {
  api: ApiServer;
  storage: Storage;
  call: (method: string, path: string, options?: CallOptions) => Promise<Answer>;
  watch: (path: string, options?: { headers?: Record<string, string> }) => TestWatch;
  close: () => Promise<void>;
};

export type WatchEvent = { type: string; object: KubeObject & Record<string, unknown> };

/** An open watch of a test: gathers events and raw text. */
export class TestWatch {
  readonly events: WatchEvent[] = [];
  text = '';
  isEnded = false;
  failure: Error | undefined;
  #rest = '';

  constructor(url: string, headers: Record<string, string> = {}) {
    const request = httpRequest(url, { headers }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => this.#take(chunk));
      response.on('end', () => {
        this.isEnded = true;
      });
      response.on('error', (error) => this.#fail(error));
      response.on('close', () => {
        this.isEnded = true;
      });
    });
    request.on('error', (error) => this.#fail(error));
    this.stop = () => request.destroy();
    request.end();
  }

  readonly stop: () => void;

  #fail(error: Error): void {
    this.failure = error;
    this.isEnded = true;
  }

  #take(chunk: string): void {
    this.text += chunk;
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = parsed(line);
      if ('type' in event) this.events.push(event as unknown as WatchEvent);
    }
  }

  /** The events so far as `TYPE name`. */
  summary(): string[] {
    return this.events.map(({ type, object }) => `${type} ${object.metadata.name ?? ''}`.trim());
  }
}

/** Waits until something holds. */
export async function until(holds: () => boolean, what = 'what was waited for', ms = 3000): Promise<void> {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Starts a server on a free port. */
export async function startTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const storage = options.storage ?? new Storage();
  const api = await startApiServer({ ...options, storage });
  const call = async (
    method: string,
    path: string,
    { body, type, accept, token, headers = {} }: CallOptions = {},
  ): Promise<Answer> => {
    const response = await fetch(api.url + path, {
      method,
      headers: {
        'Content-Type': type ?? 'application/json',
        ...(accept === undefined ? {} : { Accept: accept }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: parsed(text),
      text,
    };
  };
  return {
    api,
    storage,
    call,
    watch: (path, { headers } = {}) => new TestWatch(api.url + path, headers),
    close: () => api.close(),
  };
}

/** A pod for tests. */
export function pod(name: string, labels: Record<string, string> = {}, namespace = 'default'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: { containers: [{ name: 'app', image: 'nginx:1' }] },
  };
}

/** A Deployment for tests. */
export function deployment(name: string, namespace = 'default'): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'app', image: 'nginx:1' }] },
      },
    },
  };
}
