import 'server-only';

/**
 * What a request asks for, as the framework can bear it: the path and query only (RFC 9112 3.2.2 lets a client send a
 * whole URL, which redirects would then repeat), and a path whose percent-encoding is broken taken as it is written
 * (the framework answers 500 to it).
 */
export function bearableTarget(target: string): string {
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
