import 'server-only';
import ipaddr from 'ipaddr.js';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for an address, as kubectl takes it (Go's `httpproxy.FromEnvironment`): by
 * `HTTPS_PROXY` or `HTTP_PROXY`, in capitals or not, unless `NO_PROXY` excepts it; this machine is never asked for through
 * a proxy. '' for none. A value without a scheme is an http proxy.
 */
export function proxyFor(url: URL, env: Env): string {
  const of = (name: string) => env[name] || env[name.toLowerCase()] || '';
  const proxy = of(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY').trim();
  if (proxy === '' || isExcepted(url, of('NO_PROXY'))) return '';
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  return URL.canParse(whole) ? whole : '';
}

function isExcepted(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || isLoopbackAddress(host)) return true;
  return noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== '' && excepts(entry, host, port));
}

function isLoopbackAddress(host: string): boolean {
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}

/** `*`, a range, an address or a name with all that is below it; `.name` and `*.name` are only what is below. */
function excepts(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (ipaddr.isValidCIDR(entry)) return isWithin(host, entry);
  const [, name = entry, wantedPort = ''] = /^(\[[^\]]+\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  if (wantedPort !== '' && wantedPort !== port) return false;
  const bare = name.replace(/^\[(.*)\]$/, '$1');
  if (ipaddr.isValid(bare))
    return ipaddr.isValid(host) && ipaddr.process(host).toString() === ipaddr.process(bare).toString();
  const below = bare.replace(/^\*?\./, '');
  return (below === bare && host === bare) || host.endsWith(`.${below}`);
}

function isWithin(host: string, range: string): boolean {
  if (!ipaddr.isValid(host)) return false;
  const address = ipaddr.process(host);
  const [network, bits] = ipaddr.parseCIDR(range);
  return address.kind() === network.kind() && address.match([network, bits]);
}
