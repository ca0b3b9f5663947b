/* The records of the sandbox's two DNS servers: read from DNSZone documents, changed at run time. */

export type RecordType = 'A' | 'AAAA' | 'CNAME';
export const FAILURES = ['NXDOMAIN', 'NODATA', 'SERVFAIL', 'REFUSED', 'TIMEOUT'] as const;
export type Failure = (typeof FAILURES)[number];

/** One record of a DNSZone. Exactly one of `values`, `target`, `answer` says what is answered. */
export interface DnsRecord {
  readonly name: string;
  readonly type?: RecordType;
  readonly values?: readonly string[];
  /** Follows the address of a LoadBalancer Service or an Ingress. */
  readonly target?: { readonly service?: string; readonly ingress?: string };
  readonly answer?: Failure;
  readonly ttl?: number;
  /** 1 or 2: only this server knows the record; both without it. */
  readonly server?: number;
}

export interface DnsZone {
  readonly name: string;
  /** Answers every host of an Ingress with the Ingress's address, as external-dns would. */
  readonly externalDns?: boolean;
  readonly records: readonly DnsRecord[];
}

/** Checks a record; returns what is wrong with it or undefined. */
export function recordFault(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return 'a record must be an object';
  const record = value as Record<string, unknown>;
  if (typeof record.name !== 'string' || !/^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i.test(record.name))
    return `"${String(record.name)}" is not a DNS name`;
  const given = ['values', 'target', 'answer'].filter((key) => record[key] !== undefined);
  if (given.length !== 1) return `${record.name}: give exactly one of values, target, answer`;
  if (record.answer !== undefined && !FAILURES.includes(record.answer as Failure))
    return `${record.name}: answer must be one of ${FAILURES.join(', ')}`;
  if (
    record.values !== undefined &&
    (!Array.isArray(record.values) || !record.values.every((entry) => typeof entry === 'string'))
  )
    return `${record.name}: values must be a list of strings`;
  if (record.type !== undefined && !['A', 'AAAA', 'CNAME'].includes(String(record.type)))
    return `${record.name}: type must be A, AAAA or CNAME`;
  if (record.server !== undefined && record.server !== 1 && record.server !== 2)
    return `${record.name}: server must be 1 or 2`;
  return undefined;
}

/** All records, with what they were at the start, so that a broken one can be restored. */
export class DnsBook {
  private readonly current = new Map<string, readonly DnsRecord[]>();
  private readonly original = new Map<string, readonly DnsRecord[]>();
  readonly externalDns: boolean;

  constructor(readonly zones: readonly DnsZone[]) {
    this.externalDns = zones.some((zone) => zone.externalDns);
    for (const zone of zones) {
      // A later document's records of a name take the place of an earlier one's.
      const names = Map.groupBy(zone.records, (record) => canonicalName(record.name));
      for (const [name, records] of names) this.current.set(name, records);
    }
    for (const [name, records] of this.current) this.original.set(name, records);
  }

  names(): string[] {
    return [...new Set([...this.current.keys(), ...this.original.keys()])].sort();
  }

  recordsOf(name: string, server?: number): readonly DnsRecord[] {
    const records = this.current.get(canonicalName(name)) ?? [];
    return server === undefined
      ? records
      : records.filter((record) => record.server === undefined || record.server === server);
  }

  isChanged(name: string): boolean {
    const key = canonicalName(name);
    return this.current.get(key) !== this.original.get(key);
  }

  /** Replaces all records of a name. With `server`, the other server's records stay. */
  put(name: string, records: readonly DnsRecord[], server?: number): void {
    const key = canonicalName(name);
    if (server === undefined) {
      this.current.set(key, records);
      return;
    }
    const other = server === 1 ? 2 : 1;
    const kept = this.recordsOf(key, other).map((record) => ({ ...record, server: other }));
    this.current.set(key, [...kept, ...records.map((record) => ({ ...record, server }))]);
  }

  remove(name: string): void {
    this.current.delete(canonicalName(name));
  }

  /** Back to what the scenario said; a name that it did not have goes. */
  restore(name: string): void {
    const key = canonicalName(name);
    const records = this.original.get(key);
    if (records) this.current.set(key, records);
    else this.current.delete(key);
  }
}

/** Lower case, without the trailing dot. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
