import 'server-only';
import { SIGN_IN_ERRORS, type SignedIn, type SignInError } from '@/lib/wire/sign-in';
import { isOwnName } from '@/server/http/own-name';
import { detailOf } from '@/server/http/problem';
import { currentRuntime } from '@/server/runtime';
import type { Asked } from './auth';
import { returnPath, signInPath } from './return-path';
import type { AuthMode } from './settings';

/** What a page may show: to whom, or where to go to sign in. `unknown`: nobody has to be known here. */
export type Visitor =
  | { readonly state: 'known'; readonly signedIn: SignedIn | null }
  | { readonly state: 'stranger'; readonly signIn: string };

/** Who looks at a page. `path`: of the page, with its query, to come back to. */
export async function visitorOf(headers: Asked, path: string): Promise<Visitor> {
  const runtime = currentRuntime();
  // Its API says the same, and the page has nothing of its own to show.
  if (!runtime || !isOwnName(headers.get('host'), runtime.config)) return { state: 'known', signedIn: null };
  const { auth } = runtime;
  const identified = await auth.identify(headers);
  if ('refusal' in identified) return { state: 'stranger', signIn: signInPath(path) };
  if (auth.mode === 'none') return { state: 'known', signedIn: null };
  const { user } = identified.viewer;
  return { state: 'known', signedIn: { user, canSignOut: auth.mode !== 'proxy' } };
}

/** What the sign-in page shows. */
export interface SignInPage {
  readonly mode: Exclude<AuthMode, 'none'>;
  /** Path to return to. */
  readonly to: string;
  readonly error: SignInError | null;
  readonly hasSignedOut: boolean;
  /** Host of the OpenID provider; empty where there is none. */
  readonly provider: string;
  /** In mode `proxy`: why the request is not believed; else empty. */
  readonly refused: string;
}

/** The sign-in page, or the path to go on to for who need not sign in. */
export async function signInPageOf(
  headers: Asked,
  query: Readonly<Record<string, string | readonly string[] | undefined>>,
): Promise<SignInPage | { readonly goTo: string }> {
  const to = returnPath(typeof query.to === 'string' ? query.to : '/');
  const runtime = currentRuntime();
  if (!runtime || runtime.auth.mode === 'none') return { goTo: to };
  const { auth, config } = runtime;
  const error = SIGN_IN_ERRORS.find((one) => one === query.error) ?? null;
  const identified = await auth.identify(headers);
  if ('viewer' in identified && error === null) return { goTo: to };
  const { mode } = auth;
  if (mode === 'none') return { goTo: to };
  return {
    mode,
    to,
    error,
    hasSignedOut: query.bye === '1',
    provider: URL.parse(config.signIn.oidc?.issuer ?? '')?.host ?? '',
    refused: mode === 'proxy' && 'refusal' in identified ? await detailOf(identified.refusal) : '',
  };
}
