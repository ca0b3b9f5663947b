// Cluster IPs and node ports, each given once.
import { array, at } from '../json';
import type { Storage } from '../storage';

const FIRST_NODE_PORT = 30_000;
const NODE_PORTS = 2768;
const ADDRESSES = 0xffff - 1;

/** Spreads starting points, so that addresses look given at random and are the same in every run. */
function spread(seed: string): number {
  let hash = 2166136261;
  for (let i = 0; i < seed.length; i += 1) hash = Math.imul(hash ^ seed.charCodeAt(i), 16777619);
  return hash >>> 0;
}

/** Knows which addresses and node ports of Services are taken. */
export class ServiceAllocator {
  readonly #ips = new Map<string, number>();
  readonly #ports = new Map<number, number>();

  constructor(storage: Storage) {
    for (const service of storage.list('services')) this.#count(service, 1);
    storage.onChange(({ type, resource, object, old }) => {
      if (resource !== 'services') return;
      if (old !== undefined) this.#count(old, -1);
      if (type !== 'DELETED') this.#count(object, 1);
    });
  }

  hasIp(ip: string): boolean {
    return (this.#ips.get(ip) ?? 0) > 0;
  }

  hasPort(port: number): boolean {
    return (this.#ports.get(port) ?? 0) > 0;
  }

  /** A free address in 10.96.0.0/16; undefined when all are taken. */
  ip(seed: string): string | undefined {
    const start = spread(seed);
    for (let step = 0; step < ADDRESSES; step += 1) {
      const offset = 1 + ((start + step) % ADDRESSES);
      const ip = `10.96.${offset >> 8}.${offset & 255}`;
      if (!this.hasIp(ip)) return ip;
    }
    return undefined;
  }

  /** A free node port; undefined when all are taken. */
  port(seed: string, taken: ReadonlySet<number>): number | undefined {
    const start = spread(seed);
    for (let step = 0; step < NODE_PORTS; step += 1) {
      const port = FIRST_NODE_PORT + ((start + step) % NODE_PORTS);
      if (!this.hasPort(port) && !taken.has(port)) return port;
    }
    return undefined;
  }

  #count(service: unknown, by: 1 | -1): void {
    const bump = <K>(counts: Map<K, number>, key: K): void => {
      counts.set(key, (counts.get(key) ?? 0) + by);
    };
    const ip = at(service, 'spec', 'clusterIP');
    if (typeof ip === 'string' && ip !== '' && ip !== 'None') bump(this.#ips, ip);
    for (const entry of array(at(service, 'spec', 'ports'))) {
      const port = at(entry, 'nodePort');
      if (typeof port === 'number' && port > 0) bump(this.#ports, port);
    }
  }
}
