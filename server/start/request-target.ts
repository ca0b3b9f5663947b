import 'server-only';

/**
 * What a request asks for, as the framework can bear it: the path and query only (RFC 9112 3.2.2 lets a client send a
 * whole URL, which redirects would then repeat), and a path whose percent-encoding is broken taken as it is written
 * (the framework answers 500 to it).
 */
export function bearableTarget(target: string): string {
  // Of OPTIONS, about the server as a whole (RFC 9112 3.2.4): it has no answer of its own.
  if (target === '*') return '/';
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1];
  const local = absolute === undefined ? target : absolute.startsWith('/') ? absolute : `/${absolute}`;
  const end = local.search(/[?#]/);
  const path = end === -1 ? local : local.slice(0, end);
  try {
    decodeURIComponent(path);
    return local;
  } catch {
    return path.replaceAll('%', '%25') + local.slice(path.length);
  }
}

/**
 * The same for the method: no Request may have TRACE (Fetch, 2.2.1 forbids it), and the framework answers 500. It is refused
 * as OPTIONS is, which nothing here has either.
 */
export function bearableMethod(method: string): string {
  return method === 'TRACE' ? 'OPTIONS' : method;
}
