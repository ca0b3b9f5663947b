import 'server-only';
import { decodeJwt } from 'jose';
import type { SignInError } from '@/lib/wire/sign-in';
import { refuseCrossSite } from '@/server/http/cross-site';
import { API_HEADERS, problem } from '@/server/http/problem';
import { readBytes } from '@/server/http/read-body';
import type { Runtime } from '@/server/runtime';
import { CookieTooLarge, cookieName, isSecure, readCookies, setCookie } from './cookies';
import { flowSchema, OidcError } from './oidc';
import { returnPath } from './return-path';
import type { Subject } from './sessions';

/** A token of a cluster with many audiences may be long; no form of ours is longer. */
const MOST_FORM = 64 * 1024;
/** So long somebody may be with the provider. */
const FLOW_MS = 10 * 60_000;
const FLOW_COOKIE = 'atlas-sign-in';
const FLOW_PURPOSE = 'sign-in';

/** `POST /auth/token`: a form with a token of the cluster (`token`) and where to go then (`to`). */
export async function postToken(request: Request, runtime: Runtime): Promise<Response> {
  const { auth, config } = runtime;
  const stranger = refuseCrossSite(request, config);
  if (stranger) return stranger;
  if (auth.mode !== 'kubernetes') return otherWay();
  const body = await readBytes(request, MOST_FORM);
  if ('response' in body) return body.response;
  const form = new URLSearchParams(body.bytes.toString('utf8'));
  const to = returnPath(form.get('to'));
  const address = auth.peers.callerOf(request.headers);
  const wait = auth.limits.take(address);
  if (wait > 0) return back('too-often', to, { 'Retry-After': String(Math.ceil(wait / 1000)) });
  const token = (form.get('token') ?? '').trim();
  // What no header can hold is no token: it is not worth asking.
  if (!/^[\w.~+/=-]{1,16384}$/.test(token)) return failed(runtime, 'refused', to, 'no token', address);
  try {
    const subject = await auth.reviews.whose(token);
    if (!subject) return failed(runtime, 'refused', to, 'the cluster does not know the token', address);
    return await entered(request, runtime, { subject, to, until: expiryOf(token), way: 'token' });
  } catch (error) {
    if (error instanceof CookieTooLarge)
      return failed(runtime, 'too-many-groups', to, error.message, address);
    runtime.log.warn({ err: error }, 'a token could not be reviewed');
    return failed(runtime, 'unavailable', to, 'no review', address);
  }
}

/** `GET /auth/start?to=`: to the OpenID provider. */
export async function getStart(request: Request, runtime: Runtime): Promise<Response> {
  const { auth, config } = runtime;
  const to = returnPath(new URL(request.url).searchParams.get('to'));
  if (!auth.oidc) return redirect('/auth/login', []);
  const wait = auth.limits.take(auth.peers.callerOf(request.headers));
  if (wait > 0) return back('too-often', to, { 'Retry-After': String(Math.ceil(wait / 1000)) });
  try {
    const { location, flow } = await auth.oidc.begin(to);
    const sealed = await auth.sealing.seal(FLOW_PURPOSE, flow, Date.now() + FLOW_MS);
    const secure = isSecure(config.publicUrl, request.headers.get('host'));
    return redirect(location, [setCookie(FLOW_COOKIE, sealed, { secure, maxAge: FLOW_MS / 1000 })]);
  } catch (error) {
    if (!(error instanceof OidcError)) throw error;
    runtime.log.warn({ err: error }, 'nobody can sign in');
    return back('unavailable', to);
  }
}

/** `GET /auth/callback`: back from the provider. */
export async function getCallback(request: Request, runtime: Runtime): Promise<Response> {
  const { auth, config } = runtime;
  if (!auth.oidc) return redirect('/auth/login', []);
  const secure = isSecure(config.publicUrl, request.headers.get('host'));
  const sealed = readCookies(request.headers.get('cookie')).get(cookieName(FLOW_COOKIE, secure));
  const opened = sealed ? await auth.sealing.open(FLOW_PURPOSE, sealed, Date.now()) : null;
  const flow = flowSchema.safeParse(opened?.payload);
  // Used up, whatever comes of it.
  const forget = setCookie(FLOW_COOKIE, '', { secure, maxAge: 0 });
  if (!flow.success) return back('expired', '/');
  const { to } = flow.data;
  const address = auth.peers.callerOf(request.headers);
  const fail = (error: SignInError, why: string) =>
    withCookie(failed(runtime, error, to, why, address), forget);
  try {
    const subject = await auth.oidc.finish(new URL(request.url).search, flow.data);
    return withCookie(await entered(request, runtime, { subject, to, way: 'oidc' }), forget);
  } catch (error) {
    if (error instanceof CookieTooLarge) return fail('too-many-groups', error.message);
    if (error instanceof OidcError) return fail(error.kind, error.message);
    throw error;
  }
}

/** `POST /auth/logout`: ends the session and every stream in it. */
export async function postLogout(request: Request, runtime: Runtime): Promise<Response> {
  const { auth, config } = runtime;
  const stranger = refuseCrossSite(request, config);
  if (stranger) return stranger;
  const session = await auth.sessions.of(request.headers);
  const cookies = auth.sessions.end(session, request.headers);
  if (session) auth.audit('audit.logout', session, { address: auth.peers.callerOf(request.headers) });
  const headers = new Headers(API_HEADERS);
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return new Response(null, { status: 204, headers });
}

interface Entry {
  readonly subject: Subject;
  readonly to: string;
  /** Milliseconds since the epoch. */
  readonly until?: number;
  readonly way: string;
}

async function entered(
  request: Request,
  runtime: Runtime,
  { subject, to, until, way }: Entry,
): Promise<Response> {
  const { auth } = runtime;
  // Whoever signed in here before is not to live on beside.
  const before = await auth.sessions.of(request.headers);
  const cookies = await auth.sessions.begin(subject, request.headers, until);
  if (before) auth.sessions.end(before, request.headers);
  const address = auth.peers.callerOf(request.headers);
  auth.audit('audit.login', subject, { way, groups: subject.groups.length, address });
  return redirect(to, cookies);
}

function failed(runtime: Runtime, error: SignInError, to: string, why: string, address: string): Response {
  runtime.auth.audit('audit.login-failed', null, { way: runtime.auth.mode, why, address });
  return back(error, to);
}

/** When a token ends, as it says itself; it was verified by the cluster before. */
function expiryOf(token: string): number | undefined {
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? undefined : exp * 1000;
  } catch {
    // Not every token is a JWT.
    return undefined;
  }
}

/** To the sign-in page, which says what was wrong: one of a few words, never a text that came with the request. */
function back(error: SignInError, to: string, headers: Readonly<Record<string, string>> = {}): Response {
  const query = new URLSearchParams({ error, ...(to === '/' ? {} : { to }) });
  return redirect(`/auth/login?${query}`, [], headers);
}

/** 303: what was posted is not posted again. */
function redirect(
  location: string,
  cookies: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Response {
  const headers = new Headers({ ...more, Location: location, 'Cache-Control': 'no-store' });
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return new Response(null, { status: 303, headers });
}

function withCookie(response: Response, cookie: string): Response {
  response.headers.append('Set-Cookie', cookie);
  return response;
}

function otherWay(): Response {
  return problem({
    status: 404,
    title: 'Not found',
    detail: 'Nobody signs in here with a token; see /auth/login.',
  });
}
