import 'server-only';
import { createHash, timingSafeEqual } from 'node:crypto';
import { subjectOf } from './names';
import type { Peers } from './peer';
import type { Subject } from './sessions';
import type { ProxySettings } from './settings';

const SECRET_HEADER = 'x-atlas-proxy-secret';

/** Whom the proxy in front vouches for, or why nobody. */
export function proxySubject(
  headers: Pick<Headers, 'get'>,
  { userHeader, groupsHeader, secret }: ProxySettings,
  peers: Pick<Peers, 'isTrusted'>,
): Subject | { readonly refused: string } {
  if (!peers.isTrusted(headers))
    return { refused: 'The request did not come from the sign-in proxy (ATLAS_PROXY_PEERS).' };
  if (secret !== '' && !isSame(headers.get(SECRET_HEADER) ?? '', secret))
    return { refused: 'The request did not bring the proxy’s secret (X-Atlas-Proxy-Secret).' };
  const user = utf8(headers.get(userHeader) ?? '');
  if (user.trim() === '') return { refused: `The proxy named nobody in ${userHeader}.` };
  // Several headers arrive as one with commas: then a client sent one of its own, and the proxy let it through.
  if (user.includes(',')) return { refused: `The proxy named more than one person in ${userHeader}.` };
  const groups = utf8(headers.get(groupsHeader) ?? '').split(',');
  return (
    subjectOf(user, groups) ?? { refused: `What the proxy named in ${userHeader} is no name of a person.` }
  );
}

/** Headers come as bytes of Latin-1; names are mostly sent as UTF-8. */
function utf8(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

/** Takes equally long for every wrong one, of whatever length. */
function isSame(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}
