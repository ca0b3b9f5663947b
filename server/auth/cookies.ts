import 'server-only';
import { isLoopback } from '@/server/config';

/** What a browser keeps of one cookie at least is 4,096 bytes, name and attributes included (RFC 6265, 6.1). */
const MOST_CHUNK = 3800;
/** Node refuses requests whose headers are longer than 16 kB: other cookies and headers need room too. */
const MOST_CHUNKS = 3;

/** A value that no set of cookies may hold. */
export class CookieTooLarge extends Error {
  override readonly name = 'CookieTooLarge';
}

/** Cookies of a request; of two with one name the first. */
export function readCookies(header: string | null): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, at)).trim();
    if (name !== '' && !found.has(name)) found.set(name, pair.slice(at + 1).trim());
  }
  return found;
}

/**
 * Whether cookies are kept to https. A port-forward calls the dashboard by a loopback name: there a browser would not
 * keep such a cookie, and nothing leaves the machine.
 */
export function isSecure(publicUrl: string, host: string | null): boolean {
  if (!publicUrl.startsWith('https:')) return false;
  const name = URL.parse(`http://${host ?? ''}`)?.hostname.replace(/^\[(.*)\]$/, '$1') ?? '';
  return !isLoopback(name);
}

/** `__Host-`: only a https page of this very host can set it, for the whole of it (RFC 6265bis, 4.1.3.2). */
export function cookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name;
}

interface Attributes {
  readonly secure: boolean;
  /** Seconds; 0 deletes. */
  readonly maxAge: number;
}

/** Value of a Set-Cookie header. Lax: a link from a chat shall find its reader signed in; writes are guarded apart. */
export function setCookie(name: string, value: string, { secure, maxAge }: Attributes): string {
  const flags = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}`;
  return `${cookieName(name, secure)}=${value}${secure ? '; Secure' : ''}; ${flags}`;
}

/** The value that {@link setChunked} had browsers keep; empty: none. */
export function readChunked(name: string, cookies: ReadonlyMap<string, string>): string {
  const [count, first] = (cookies.get(name) ?? '').split('~');
  if (first === undefined || !/^[1-9]$/.test(count ?? '')) return '';
  const others = Array.from({ length: Number(count) - 1 }, (_, i) => cookies.get(`${name}.${i + 1}`) ?? '');
  return [first, ...others].join('');
}

/** Set-Cookie headers for a value that may need several cookies; those of a longer one before it are deleted. */
export function setChunked(
  name: string,
  value: string,
  attributes: Attributes,
  before: ReadonlyMap<string, string>,
): string[] {
  const chunks = value.match(new RegExp(`.{1,${MOST_CHUNK}}`, 'g')) ?? [];
  if (chunks.length > MOST_CHUNKS)
    throw new CookieTooLarge(`${value.length} characters; ${MOST_CHUNKS * MOST_CHUNK} have room`);
  const kept = chunks.map((chunk, i) =>
    i === 0
      ? setCookie(name, `${chunks.length}~${chunk}`, attributes)
      : setCookie(`${name}.${i}`, chunk, attributes),
  );
  return [...kept, ...deletions(name, chunks.length, attributes.secure, before)];
}

/** Set-Cookie headers that delete a value's cookies from the given number on. */
export function deletions(
  name: string,
  from: number,
  secure: boolean,
  before: ReadonlyMap<string, string>,
): string[] {
  return Array.from({ length: MOST_CHUNKS }, (_, i) => (i === 0 ? name : `${name}.${i}`))
    .slice(from)
    .filter((one) => before.has(cookieName(one, secure)))
    .map((one) => setCookie(one, '', { secure, maxAge: 0 }));
}
