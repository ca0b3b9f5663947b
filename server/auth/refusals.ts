import 'server-only';
import { SIGN_IN_TYPE } from '@/lib/wire/sign-in';
import { problem } from '@/server/http/problem';
import type { AuthMode } from './settings';

/** Nobody is known by the request. */
export function unauthorized(detail: string, mode: AuthMode): Response {
  // RFC 9110, 15.5.2 wants a challenge; a form is no scheme of HTTP, and browsers must not pop up a dialog.
  const scheme = mode === 'kubernetes' ? 'Bearer' : 'Atlas';
  return problem({
    type: SIGN_IN_TYPE,
    status: 401,
    title: 'Sign in first',
    detail,
    headers: { 'WWW-Authenticate': `${scheme} realm="Ingress Atlas"` },
  });
}

/** Too many tries to sign in. */
export function tooManyTries(waitMs: number): Response {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return problem({
    status: 429,
    title: 'Too many tries',
    detail: `Signing in was tried too often. Try again in ${seconds} s.`,
    headers: { 'Retry-After': String(seconds) },
  });
}

/** Who could say who asks does not answer. */
export function unavailable(detail: string): Response {
  return problem({ status: 503, title: 'Nobody can say who asks', detail, headers: { 'Retry-After': '5' } });
}
