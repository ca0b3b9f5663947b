/** What signing in says to the browser. */

/** `type` of the problem that a request gets whose sender has to sign in (RFC 9457, 3.1.1). */
export const SIGN_IN_TYPE = 'urn:ingress-atlas:sign-in';

/** Why nobody was let in; the sign-in page has a text for each, and shows no other. */
export const SIGN_IN_ERRORS = [
  'refused',
  'too-often',
  'unavailable',
  'denied',
  'untrusted',
  'no-name',
  'expired',
  'too-many-groups',
] as const;

export type SignInError = (typeof SIGN_IN_ERRORS)[number];

/** Who has signed in, for the page. */
export interface SignedIn {
  readonly user: string;
  /** Whether the dashboard itself keeps the session, so that it can end it. */
  readonly canSignOut: boolean;
}

/** Where the browser goes to sign in and come back to a path of ours. */
export function signInPathFrom(path: string): string {
  return path === '/' ? '/auth/login' : `/auth/login?${new URLSearchParams({ to: path })}`;
}
