import 'server-only';
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { DnsAnswer, DnsOutcome } from '@/lib/state/facts';
import type { Limiter } from '@/server/cluster/limiter';

const LONGEST_CHAIN = 8;
/** Queries in a row without an answer after which a server counts as dead: one query at a time tests whether it is back. */
const DEAD_AFTER = 6;

const OUTCOMES: Readonly<Record<string, DnsOutcome>> = {
  ENOTFOUND: 'nxdomain',
  ENODATA: 'nodata',
  ESERVFAIL: 'servfail',
  ETIMEOUT: 'timeout',
  EREFUSED: 'refused',
};
/** Which outcome of A and AAAA speaks for both when there is no address: what we could not learn beats "there is none". */
const WORST_FIRST: readonly DnsOutcome[] = [
  'nxdomain',
  'timeout',
  'servfail',
  'refused',
  'error',
  'nodata',
  'ok',
];

interface Records {
  readonly outcome: DnsOutcome;
  readonly values: readonly string[];
  /** Seconds; 0 when unknown. */
  readonly ttl: number;
}

type Ask = () => Promise<{ readonly values: readonly string[]; readonly ttl: number }>;

/** The name as it is asked and stored: lower case, without trailing dot; null when it is no name to be asked. */
export function askableName(host: string): string | null {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === '' || name.length > 253 || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0) return null;
  if (name === 'localhost' || name.endsWith('.localhost')) return null;
  return /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(name)
    ? name
    : null;
}

export interface PointOptions {
  /** Milliseconds for the first try. */
  readonly timeout: number;
  readonly tries: number;
  /** Bounds the queries at once. */
  readonly limiter: Limiter;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** One DNS server as a point of view. It only asks: nothing ever connects to what a name resolves to. */
export class PointOfView {
  readonly server: string;
  readonly #resolver: Resolver;
  readonly #options: PointOptions;
  #misses = 0;
  #testing = false;

  /** `server`: `ADDRESS` or `ADDRESS:PORT`. */
  constructor(server: string, options: PointOptions) {
    this.server = server;
    this.#options = options;
    this.#resolver = new Resolver({ timeout: options.timeout, tries: options.tries });
    this.#resolver.setServers([server]);
  }

  /** Addresses of a name, with the names passed on the way; every failure is an answer. */
  async ask(name: string): Promise<DnsAnswer> {
    const [a, aaaa, chain] = await Promise.all([
      this.#addresses(name, 4),
      this.#addresses(name, 6),
      this.#chain(name),
    ]);
    let [four, six] = [a, aaaa];
    const target = chain.names.at(-1);
    // A server that is no resolver hands out the CNAME alone: the way goes on at its end.
    if (target !== undefined && !chain.endless && four.values.length === 0 && six.values.length === 0) {
      [four, six] = await Promise.all([this.#addresses(target, 4), this.#addresses(target, 6)]);
    }
    const found = four.values.length > 0 || six.values.length > 0;
    const failed = chain.endless
      ? 'error'
      : (WORST_FIRST.find((outcome) => four.outcome === outcome || six.outcome === outcome) ?? 'error');
    const ttls = [four, six].filter(({ values }) => values.length > 0).map(({ ttl }) => ttl);
    return {
      server: this.server,
      outcome: found ? 'ok' : failed,
      a: four.values,
      aaaa: six.values,
      cnames: chain.names,
      ttl: ttls.length === 0 ? 0 : Math.min(...ttls),
      at: this.#options.now(),
    };
  }

  stop(): void {
    this.#resolver.cancel();
  }

  async #addresses(name: string, family: 4 | 6): Promise<Records> {
    return this.#query(async () => {
      // The dot ends the name: no search domain is tried.
      const records = await (family === 4
        ? this.#resolver.resolve4(`${name}.`, { ttl: true })
        : this.#resolver.resolve6(`${name}.`, { ttl: true }));
      const ttl = records.length === 0 ? 0 : Math.min(...records.map((record) => record.ttl));
      return { values: [...new Set(records.map(({ address }) => address))].sort(), ttl };
    });
  }

  async #chain(name: string): Promise<{ readonly names: string[]; readonly endless: boolean }> {
    const names: string[] = [];
    const seen = new Set([name]);
    for (let at = name; ; ) {
      const { values } = await this.#query(async () => ({
        values: await this.#resolver.resolveCname(`${at}.`),
        ttl: 0,
      }));
      const next = values[0] === undefined ? null : values[0].toLowerCase().replace(/\.$/, '');
      if (next === null || next === '') return { names, endless: false };
      if (seen.has(next) || names.length === LONGEST_CHAIN) return { names, endless: true };
      seen.add(next);
      names.push(next);
      at = next;
    }
  }

  async #query(ask: Ask): Promise<Records> {
    const leave = await this.#options.limiter.enter();
    const isDead = this.#misses >= DEAD_AFTER;
    try {
      // Hundreds of names, six seconds each: nobody waits for a server that answers none of them.
      if (isDead && this.#testing) return { outcome: 'timeout', values: [], ttl: 0 };
      this.#testing = isDead;
      const records = await this.#answer(ask);
      this.#misses = records.outcome === 'timeout' ? this.#misses + 1 : 0;
      this.#testing = false;
      return records;
    } finally {
      leave();
    }
  }

  async #answer(ask: Ask): Promise<Records> {
    try {
      const found = await ask();
      return { outcome: found.values.length === 0 ? 'nodata' : 'ok', ...found };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      return { outcome: OUTCOMES[code] ?? 'error', values: [], ttl: 0 };
    }
  }
}
