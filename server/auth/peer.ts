import 'server-only';
import { randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Published by Node for each request before anybody handles it (node:diagnostics_channel, "http.server.request.start"). */
const CHANNEL = 'http.server.request.start';
/** Others of 127.0.0.0/8 may be a proxy beside us: Istio's comes from 127.0.0.6. */
const OWN_ADDRESSES: ReadonlySet<string> = new Set(['127.0.0.1', '::1']);
const HEADER = 'x-ingress-atlas-peer';

/**
 * The address at the other end of a request's connection. Handlers see no socket, so every request is stamped with it as
 * it arrives, whichever program started the HTTP server. The stamp holds a secret of this process: one that a client sends
 * by itself is none, also before the stamping began.
 */
export class Peers {
  readonly #secret = randomBytes(16).toString('base64url');
  readonly #ranges: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];
  readonly #stamp = (message: unknown): void => {
    const { request, socket } = message as { readonly request: IncomingMessage; readonly socket: Socket };
    request.headers[HEADER] = `${this.#secret} ${socket.remoteAddress ?? ''}`;
  };

  /** @param trusted addresses and ranges of the proxies in front. */
  constructor(trusted: readonly string[]) {
    this.#ranges = trusted.map(rangeOf);
  }

  start(): void {
    subscribe(CHANNEL, this.#stamp);
  }

  stop(): void {
    unsubscribe(CHANNEL, this.#stamp);
  }

  /** The address, IPv4 in its own notation; empty: not known. */
  of(headers: Pick<Headers, 'get'>): string {
    const [secret, address = ''] = headers.get(HEADER)?.split(' ') ?? [];
    return secret === this.#secret ? normal(address) : '';
  }

  /** Whether a request comes straight from a trusted proxy. */
  isTrusted(headers: Pick<Headers, 'get'>): boolean {
    return this.#isWithin(this.of(headers));
  }

  /**
   * Who asks, for limits and for the audit log: the peer, or where that is a trusted proxy the last address on the way
   * that is none. Of IPv6 the network, which is what one person has.
   */
  callerOf(headers: Pick<Headers, 'get'>): string {
    const peer = this.of(headers);
    if (!this.#isWithin(peer)) return networkOf(peer);
    const way = (headers.get('x-forwarded-for') ?? '').split(',').map((item) => item.trim());
    const client = way.findLast((address) => !this.#isWithin(address));
    return networkOf(client !== undefined && ipaddr.isValid(client) ? client : peer);
  }

  /**
   * Whether a request is made at this machine itself: a terminal, a port-forward, this very process. One that a proxy beside
   * us passes on is not, and the proxy says so: it names who it has it from. (Next names the peer where nobody is named.)
   */
  isOwnMachine(headers: Pick<Headers, 'get'>): boolean {
    // Every request that came through a socket is stamped, whatever its sender wrote there.
    if (headers.get(HEADER) === null) return true;
    const way = headers.get('x-forwarded-for')?.split(',') ?? [];
    return [this.of(headers), ...way].every((address) => OWN_ADDRESSES.has(normal(address.trim())));
  }

  #isWithin(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return this.#ranges.some(([range, bits]) => range.kind() === parsed.kind() && parsed.match(range, bits));
  }
}

/** An address as it is usually written, IPv4 in its own notation; empty: it is none. */
function normal(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : '';
}

function rangeOf(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return '';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${(parsed as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
