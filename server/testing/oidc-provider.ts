/* A small OpenID provider over real sockets, which can be told to misbehave. */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';

/** What it does otherwise than it should. */
export interface Misbehaviour {
  readonly claims?: JWTPayload;
  /** Signs with a key that it does not publish. */
  readonly foreignKey?: boolean;
  readonly unsigned?: boolean;
  /** Answers the browser with this error instead of a code. */
  readonly error?: string;
  /** Sends the browser back with other parameters. */
  readonly returned?: Readonly<Record<string, string>>;
  /** Says in its metadata that it is someone else. */
  readonly issuer?: string;
}

interface Grant {
  readonly challenge: string;
  readonly redirect: string;
  readonly nonce: string;
}

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

/** The secret of its client `atlas`. */
export const CLIENT_SECRET = 'correct horse battery staple';
const SUBJECT = {
  sub: '4711',
  email: 'alice@example.com',
  email_verified: true,
  groups: ['team-a', 'system:masters'],
};

export class OidcProvider {
  misbehaviour: Misbehaviour = {};
  /** Form fields of each request for tokens, for what a client must not send twice. */
  readonly tokenRequests: URLSearchParams[] = [];
  /** Queries of each request to sign in. */
  readonly signIns: URLSearchParams[] = [];
  readonly #server: Server;
  readonly #keys: Keys;
  readonly #foreign: Keys;
  readonly #grants = new Map<string, Grant>();
  readonly #scheme: string;

  private constructor(keys: Keys, foreign: Keys, tls?: { readonly key: string; readonly cert: string }) {
    this.#keys = keys;
    this.#foreign = foreign;
    this.#scheme = tls ? 'https' : 'http';
    const handle = (request: IncomingMessage, response: ServerResponse) =>
      void this.#handle(request, response);
    this.#server = tls ? createTlsServer(tls, handle) : createServer(handle);
  }

  static async start(tls?: { readonly key: string; readonly cert: string }): Promise<OidcProvider> {
    const provider = new OidcProvider(await generateKeyPair('RS256'), await generateKeyPair('RS256'), tls);
    await new Promise<void>((done) => provider.#server.listen(0, '127.0.0.1', done));
    return provider;
  }

  get issuer(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer);
    if (url.pathname === '/.well-known/openid-configuration') return send(response, 200, this.#metadata());
    if (url.pathname === '/jwks') return send(response, 200, await this.#jwks());
    if (url.pathname === '/authorize') return this.#authorize(url.searchParams, response);
    if (url.pathname === '/token') return await this.#token(request, response);
    send(response, 404, {});
  }

  #metadata(): object {
    const { issuer } = this;
    return {
      issuer: this.misbehaviour.issuer ?? issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
    };
  }

  async #jwks(): Promise<object> {
    const key = await exportJWK(this.#keys.publicKey);
    return { keys: [{ ...key, kid: 'one', alg: 'RS256', use: 'sig' }] };
  }

  /** Somebody who is signed in with the provider already: straight back. */
  #authorize(query: URLSearchParams, response: ServerResponse): void {
    this.signIns.push(query);
    const redirect = query.get('redirect_uri') ?? '';
    const back = new URL(redirect);
    const code = randomUUID();
    this.#grants.set(code, {
      challenge: query.get('code_challenge_method') === 'S256' ? (query.get('code_challenge') ?? '') : '',
      redirect,
      nonce: query.get('nonce') ?? '',
    });
    const { error, returned = {} } = this.misbehaviour;
    const answer = error === undefined ? { code } : { error };
    const fields = { ...answer, state: query.get('state') ?? '', ...returned };
    for (const [name, value] of Object.entries(fields)) back.searchParams.set(name, value);
    response.writeHead(302, { location: back.href }).end();
  }

  async #token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const piece of request) text += String(piece);
    const form = new URLSearchParams(text);
    this.tokenRequests.push(form);
    const grant = this.#grants.get(form.get('code') ?? '');
    // A code is good once.
    this.#grants.delete(form.get('code') ?? '');
    if (!isClient(request)) return send(response, 401, { error: 'invalid_client' });
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!grant || grant.challenge !== proof || grant.redirect !== form.get('redirect_uri'))
      return send(response, 400, { error: 'invalid_grant' });
    const idToken = await this.#idToken(grant.nonce);
    send(response, 200, {
      access_token: randomUUID(),
      token_type: 'Bearer',
      expires_in: 300,
      id_token: idToken,
    });
  }

  async #idToken(nonce: string): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const { claims = {}, unsigned = false, foreignKey = false } = this.misbehaviour;
    const payload = {
      iss: this.issuer,
      aud: 'atlas',
      iat: now,
      exp: now + 300,
      nonce,
      ...SUBJECT,
      ...claims,
    };
    if (unsigned) return new UnsecuredJWT(payload).encode();
    const { privateKey } = foreignKey ? this.#foreign : this.#keys;
    return await new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey);
  }
}

/** By the method that is the standard's default: Basic, with both parts form-encoded. */
function isClient(request: IncomingMessage): boolean {
  const [id = '', secret = ''] = Buffer.from(
    (request.headers.authorization ?? '').slice('Basic '.length),
    'base64',
  )
    .toString()
    .split(':')
    .map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
  return id === 'atlas' && secret === CLIENT_SECRET;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
