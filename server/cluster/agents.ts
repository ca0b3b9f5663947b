import 'server-only';
import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
import { SocksProxyAgent } from 'socks-proxy-agent';

/** How requests get to the API server and who they are from, as plain data: another thread can be told. */
export interface Way {
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: Pick<https.AgentOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'>;
  /** URL of the proxy that they go through; '' for none. */
  readonly proxy: string;
}

/** What a request to the API server needs; made anew for each, so that tokens are never old. */
export interface Credentials {
  readonly server: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: http.Agent;
  /** The proxy that they go through, for messages; '' for none. */
  readonly via: string;
}

/** Bytes that may have arrived while others are worked on: a page of a list shall not have to be waited for. */
const READ_AHEAD = 2 * 1024 * 1024;
const AGENT = {
  keepAlive: true,
  keepAliveMsecs: 30_000,
  maxFreeSockets: 8,
  readableHighWaterMark: READ_AHEAD,
};

/** One keep-alive agent for as long as certificates and proxy stay the same. */
export class Agents {
  #agent: http.Agent | null = null;
  #print = '';

  credentials({ server, headers, tls, proxy }: Way): Credentials {
    const url = new URL(server);
    return { server: url, headers, agent: this.#agentFor(url, tls, proxy), via: withoutUser(proxy) };
  }

  /** Idle connections are not to be trusted: the next request opens a new one. */
  renew(): void {
    const idle = Object.values(this.#agent?.freeSockets ?? {}).flat();
    for (const socket of idle) socket?.destroy();
    this.#agent = null;
  }

  #agentFor(url: URL, tls: Way['tls'], proxy: string): http.Agent {
    const { ca, cert, key, servername, rejectUnauthorized } = tls;
    const hash = createHash('sha256');
    for (const part of [ca, cert, key, servername, String(rejectUnauthorized), url.origin, proxy])
      hash.update(part instanceof Uint8Array || typeof part === 'string' ? part : '').update('\n');
    const print = hash.digest('hex');
    if (this.#agent === null || print !== this.#print) {
      this.#print = print;
      this.#agent = makeAgent(url.protocol === 'https:', tls, proxy);
    }
    return this.#agent;
  }
}

function makeAgent(isTls: boolean, tls: Way['tls'], proxy: string): http.Agent {
  const common = { ...AGENT, ...(isTls ? tls : {}) };
  if (proxy.startsWith('socks')) return new SocksProxyAgent(proxy, common);
  if (proxy !== '')
    return isTls ? new HttpsProxyAgent({ ...common, proxy }) : new HttpProxyAgent({ ...common, proxy });
  return isTls ? new https.Agent(common) : new http.Agent(common);
}

/** For messages: a proxy's password is nobody's business. */
function withoutUser(proxy: string): string {
  if (proxy === '') return '';
  const { protocol, host } = new URL(proxy);
  return `${protocol}//${host}`;
}
