import 'server-only';
import { signInPathFrom } from '@/lib/wire/sign-in';

const SOMEWHERE = 'http://here.invalid';

/**
 * Where a person wanted to go, if that is a page of this dashboard; else its start. Only a path is ever given back, so
 * that no link to the sign-in page can send anybody elsewhere (CWE-601).
 */
export function returnPath(wanted: string | null | undefined): string {
  if (!wanted || wanted.length > 4000 || !wanted.startsWith('/')) return '/';
  // The same parser as a browser's: it takes a backslash for a slash and leaves out line breaks, as that will.
  const url = URL.parse(wanted, SOMEWHERE);
  if (url?.origin !== SOMEWHERE || url.username !== '') return '/';
  const path = `${url.pathname}${url.search}${url.hash}`;
  // "/.//other.example" is a path here and a host there.
  if (path.startsWith('//') || /^\/(auth|api|healthz|readyz|metrics)(\/|$)/.test(url.pathname)) return '/';
  return path;
}

/** The sign-in page, which leads back to a path. */
export function signInPath(to: string): string {
  return signInPathFrom(returnPath(to));
}
