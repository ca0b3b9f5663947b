import 'server-only';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import packageJson from '@/package.json' with { type: 'json' };
import type { KubeAccess } from './access';
import type { Credentials } from './agents';
import { ApiError, asApiError, noCredentials, retryAfterOf, statusError } from './api-error';
import type { Clock } from './clock';

const USER_AGENT = `${packageJson.name}/${packageJson.version}`;
const LONGEST_ERROR_BODY = 65_536;
const LONGEST_BODY = 32 * 1024 * 1024;

export interface RequestOptions {
  readonly signal: AbortSignal;
  /** Milliseconds within which the answer's head must come. */
  readonly answerWithin: number;
}

export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** GET requests to one API server. It has no other verb: what is not here cannot happen. */
export class KubeClient {
  readonly #access: KubeAccess;
  readonly #clock: Clock;
  /** Called for every byte that comes from the server: the sign of life. */
  onContact: () => void = () => undefined;

  constructor(access: KubeAccess, clock: Clock) {
    this.#access = access;
    this.#clock = clock;
  }

  /** Where requests go, for messages. */
  get server(): string {
    return this.#access.server;
  }

  /** Makes the next request read all credentials again. */
  refresh(): void {
    this.#access.refresh();
  }

  /** Lets go of idle connections: what comes next uses new ones. */
  renew(): void {
    this.#access.renew();
  }

  /** The answer to a GET with status 200, its body unread; anything else is an {@link ApiError}. */
  async open(path: string, options: RequestOptions): Promise<IncomingMessage> {
    const response = await this.#get(path, options);
    if (response.statusCode === 200) return response;
    const retryAfter = retryAfterOf(response.headers['retry-after'], this.#clock.now());
    const body = await this.#read(response, options, LONGEST_ERROR_BODY);
    throw statusError(response.statusCode ?? 0, body, retryAfter);
  }

  /** The parsed body of a GET, whatever its status. */
  async json(path: string, options: RequestOptions): Promise<JsonAnswer> {
    const response = await this.#get(path, options);
    const retryAfter = retryAfterOf(response.headers['retry-after'], this.#clock.now());
    const body = await this.#read(response, options, LONGEST_BODY);
    const status = response.statusCode ?? 0;
    if (status === 401 || status === 429 || status >= 500) throw statusError(status, body, retryAfter);
    try {
      return { status, body: body === '' ? null : JSON.parse(body) };
    } catch (cause) {
      if (status !== 200) throw statusError(status, body, retryAfter);
      throw new ApiError('invalid', 'the answer is no JSON', { cause });
    }
  }

  /** Pieces of a body; `idle` milliseconds without one is an error. Time that the reader takes does not count. */
  async *pieces(response: IncomingMessage, idle: number): AsyncGenerator<Buffer> {
    const iterator: AsyncIterator<Buffer> = response[Symbol.asyncIterator]();
    try {
      for (;;) {
        const cancel = this.#clock.after(idle, () =>
          response.destroy(new ApiError('unreachable', `nothing received for ${Math.round(idle / 1000)} s`)),
        );
        const piece = await iterator.next().finally(cancel);
        if (piece.done) return;
        this.onContact();
        yield piece.value;
      }
    } finally {
      response.destroy();
    }
  }

  async #read(response: IncomingMessage, { answerWithin }: RequestOptions, longest: number): Promise<string> {
    const parts: Buffer[] = [];
    let length = 0;
    for await (const piece of this.pieces(response, answerWithin)) {
      length += piece.length;
      if (length > longest) {
        if (response.statusCode === 200)
          throw new ApiError('invalid', `the answer is longer than ${longest} bytes`);
        break;
      }
      parts.push(piece);
    }
    return Buffer.concat(parts).toString('utf8');
  }

  async #get(path: string, options: RequestOptions): Promise<IncomingMessage> {
    const credentials = await this.#credentials(options);
    try {
      return await this.#send(credentials, path, options);
    } catch (error) {
      // The server closed an idle connection just as we reused it: not its fault, and a GET may be sent again.
      if (!(error instanceof ReusedSocketError)) throw asApiError(error);
    }
    return this.#send(credentials, path, options).catch((error: unknown) => {
      throw asApiError(error instanceof ReusedSocketError ? error.cause : error);
    });
  }

  /** An exec plugin that hangs (or asks a question nobody reads) must not hang us. */
  async #credentials({ answerWithin, signal }: RequestOptions): Promise<Credentials> {
    if (signal.aborted) throw new ApiError('stopped', 'stopped');
    let cancel = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.#clock.after(answerWithin, () =>
        reject(new ApiError('unauthorized', 'the credential plugin does not answer')),
      );
    });
    try {
      return await Promise.race([this.#access.credentials(), late]);
    } catch (cause) {
      throw noCredentials(cause);
    } finally {
      cancel();
    }
  }

  #send(
    { server, headers, agent, via }: Credentials,
    path: string,
    { answerWithin, signal }: RequestOptions,
  ): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request = (server.protocol === 'http:' ? http : https).request({
      // A bracketed IPv6 address is only the URL's notation.
      host: server.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: server.port,
      // Clusters behind a gateway have a prefix: https://rancher/k8s/clusters/c-1.
      path: `${server.pathname.replace(/\/+$/, '')}${path}`,
      headers: { ...headers, Accept: 'application/json', 'User-Agent': USER_AGENT },
      agent,
      signal,
    });
    const cancel = this.#clock.after(answerWithin, () =>
      request.destroy(new ApiError('unreachable', `no answer for ${Math.round(answerWithin / 1000)} s`)),
    );
    request.on('response', (response) => {
      cancel();
      this.onContact();
      resolve(response);
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      cancel();
      const wasClosed = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(wasClosed ? new ReusedSocketError(error) : behind(via, error));
    });
    request.end();
    return promise;
  }
}

/** What went wrong on the way through a proxy says so: "Bad response: 407" alone is nobody's. */
function behind(via: string, error: Error): Error {
  if (via === '' || error instanceof ApiError || error.name === 'AbortError') return error;
  return new Error(`through the proxy ${via}: ${asApiError(error).message}`, { cause: error });
}

class ReusedSocketError extends Error {
  constructor(cause: unknown) {
    super('the connection was closed', { cause });
  }
}
