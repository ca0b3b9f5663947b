/* What a server answers to a question. Pure: targets are looked up by the caller's function. */
import { canonicalName, type DnsBook, type DnsRecord, type Failure, type RecordType } from './records';

export interface AnswerRecord {
  readonly name: string;
  readonly type: RecordType;
  readonly ttl: number;
  readonly data: string;
}

export interface DnsAnswer {
  readonly outcome: 'NOERROR' | Exclude<Failure, 'NODATA'>;
  readonly records: readonly AnswerRecord[];
}

/** Addresses and names that a target has now. */
export type TargetLookup = (target: NonNullable<DnsRecord['target']>) => readonly string[];
/** Addresses of an Ingress host, for zones with `externalDns`; undefined if no Ingress has the host. */
export type HostLookup = (host: string) => readonly string[] | undefined;

const DEFAULT_TTL = 60;
const MAX_CHAIN = 8;

/** Resolves a question from the view of one server (1 or 2), following CNAMEs inside the book. */
export function resolveQuestion(
  book: DnsBook,
  question: { name: string; type: string },
  server: number,
  lookups: { target: TargetLookup; host: HostLookup },
): DnsAnswer {
  const records: AnswerRecord[] = [];
  let name = canonicalName(question.name);
  for (let hop = 0; hop < MAX_CHAIN; hop++) {
    const found = findRecords(book, name, server) ?? externalRecords(book, name, lookups.host);
    if (!found) return { outcome: missing(book, name, hop), records };
    const failure = found.find((record) => record.answer && record.answer !== 'NODATA')?.answer;
    if (failure && failure !== 'NODATA') return { outcome: failure, records };
    const answers = found.flatMap((record) => expand(record, name, lookups.target));
    const alias = answers.find((answer) => answer.type === 'CNAME');
    if (alias) {
      records.push(alias);
      if (question.type === 'CNAME') break;
      name = canonicalName(alias.data);
      continue;
    }
    records.push(...answers.filter((answer) => answer.type === question.type || question.type === 'ANY'));
    break;
  }
  return { outcome: 'NOERROR', records };
}

/** NXDOMAIN inside the book's zones; elsewhere this server has nothing to say. */
function missing(book: DnsBook, name: string, hop: number): DnsAnswer['outcome'] {
  const isOurs = book.zones.some(
    (zone) => name === canonicalName(zone.name) || name.endsWith(`.${canonicalName(zone.name)}`),
  );
  // An empty non-terminal exists: something is below it.
  if (book.names().some((other) => other.endsWith(`.${name}`))) return 'NOERROR';
  if (isOurs) return 'NXDOMAIN';
  return hop > 0 ? 'NXDOMAIN' : 'REFUSED';
}

function findRecords(book: DnsBook, name: string, server: number): readonly DnsRecord[] | undefined {
  const exact = book.recordsOf(name, server);
  if (exact.length > 0) return exact;
  const labels = name.split('.');
  for (let depth = 1; depth < labels.length; depth++) {
    const parent = labels.slice(depth).join('.');
    const wild = book.recordsOf(`*.${parent}`, server);
    if (wild.length > 0) return wild;
    // A name that exists on the way hides wildcards above it (RFC 4592).
    if (book.recordsOf(parent, server).length > 0 && depth > 0) return undefined;
  }
  return undefined;
}

function externalRecords(book: DnsBook, name: string, host: HostLookup): readonly DnsRecord[] | undefined {
  if (!book.externalDns) return undefined;
  const addresses = host(name);
  return addresses && addresses.length > 0 ? [{ name, values: addresses }] : undefined;
}

function expand(record: DnsRecord, name: string, lookup: TargetLookup): AnswerRecord[] {
  const values = record.target ? lookup(record.target) : (record.values ?? []);
  return values.map((data) => ({
    name,
    type: record.type ?? typeOf(data),
    ttl: record.ttl ?? DEFAULT_TTL,
    data,
  }));
}

function typeOf(value: string): RecordType {
  if (/^\d+(\.\d+){3}$/.test(value)) return 'A';
  return value.includes(':') ? 'AAAA' : 'CNAME';
}
