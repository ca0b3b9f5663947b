/** Where a host's name leads, judged against where it should: SEMANTICS §7, TRUTH "DNS". */

import type { Query, Reader } from '@/lib/state/cells';
import type { DnsAnswer, DnsFact } from '@/lib/state/facts';
import { controllerBalancers } from '@/lib/topology/exposure';
import { addressBook, type HostEntries, hostEntries, ownersOf } from '@/lib/topology/hosts';
import { config, dnsFact, formerAddresses } from '@/lib/topology/reads';

/** What one point of view sees. */
export type View = 'here' | 'partial' | 'elsewhere' | 'none' | 'failed';

export interface Judged {
  readonly server: string;
  readonly view: View;
  readonly addresses: readonly string[];
  /** Answers that belong to nothing expected. */
  readonly foreign: readonly string[];
}

export type DnsState =
  /** Not asked: DNS is off, the host is a wildcard or catch-all, or nobody has answered yet (`cold`). */
  | 'not-asked'
  | 'cold'
  | 'here'
  | 'partial'
  /** One point of view alone sees foreign addresses beside ours. */
  | 'partial-in-one-view'
  | 'unresolved'
  /** One point of view alone does not see the name. */
  | 'unresolved-in-one-view'
  | 'failed'
  /** Nothing to compare with: no address is published. */
  | 'nothing-expected'
  | 'elsewhere'
  /** Leads to a load balancer of this cluster, but not to one before this host's controller. */
  | 'other-balancer'
  /** One point of view alone sees a foreign address. */
  | 'elsewhere-in-one-view'
  /** Positive evidence that the address is wrong. */
  | 'stale'
  /** The same, seen by one point of view alone. */
  | 'stale-in-one-view';

export interface DnsVerdict {
  readonly state: DnsState;
  readonly views: readonly Judged[];
  readonly foreign: readonly string[];
  /** Words of the evidence for `stale` and of failures. */
  readonly reason: string;
  /** Ids of load balancers of this cluster that the answers belong to. */
  readonly owners: readonly string[];
}

const NAT64 = /^64:ff9b::/i;
/** Names that public resolvers cannot know (CHECKS `dns-name-unresolved`). */
const LOCAL = /\.(local|internal|test|localhost|lan|home\.arpa)$|^localhost$/;

const NOT_ASKED: DnsVerdict = { state: 'not-asked', views: [], foreign: [], reason: '', owners: [] };

/** The verdict for a host name ('' and wildcards are not asked). */
export const dnsVerdict: Query<DnsVerdict> = {
  name: 'dns-verdict',
  level: 5,
  compute: (read, host) => {
    if (host === '' || host.startsWith('*') || !config(read).dns) return NOT_ASKED;
    const fact = dnsFact(read, host.toLowerCase());
    if (!fact || fact.answers.length === 0)
      return { ...NOT_ASKED, state: LOCAL.test(host.toLowerCase()) ? 'not-asked' : 'cold' };
    return verdictOf(read, host.toLowerCase(), fact);
  },
};

function verdictOf(read: Reader, host: string, fact: DnsFact): DnsVerdict {
  const entries = read.query(hostEntries, host);
  const expected = expectedAddresses(read, entries);
  const views = fact.answers.map((answer) => judgeAnswer(answer, expected));
  const book = read.query(addressBook, '');
  const answered = views.flatMap((view) => [
    ...view.addresses,
    ...(fact.answers.find((a) => a.server === view.server)?.cnames ?? []),
  ]);
  const owners = new Set(answered.flatMap((address) => ownersOf(book, address)));
  // Nobody serves the host: the name still leads to somebody's door.
  const doors =
    entries.loadBalancers.length > 0 ? entries.loadBalancers : read.query(controllerBalancers, '');
  for (const lb of doors) if (lb.addresses.some((address) => answered.includes(address))) owners.add(lb.id);
  const foreign = [...new Set(views.flatMap((view) => view.foreign))].sort();
  // An address of another load balancer of this cluster is not a foreign one: it is drawn as what it is.
  const unknown = foreign.filter(
    (address) => ownersOf(book, address).length === 0 && !doors.some((lb) => lb.addresses.includes(address)),
  );
  const base = { views, foreign: unknown, owners: [...owners].sort(), reason: '' };
  if (expected.addresses.size + expected.names.size === 0 && views.some((view) => view.addresses.length > 0))
    return { ...base, state: unknown.length === 0 ? 'here' : 'nothing-expected' };
  const combined = combine(read, host, views, expected.names.size > 0);
  if (combined.state === 'elsewhere' && unknown.length === 0) return { ...base, state: 'other-balancer' };
  return { ...base, ...combined };
}

function combine(
  read: Reader,
  host: string,
  views: readonly Judged[],
  rotates: boolean,
): { state: DnsState; reason: string } {
  const heard = views.filter((view) => view.view !== 'failed');
  const all = (view: View) => heard.every((entry) => entry.view === view);
  if (heard.length === 0) return { state: 'failed', reason: 'no DNS server answered' };
  if (all('here')) return { state: 'here', reason: '' };
  if (heard.some((entry) => entry.view === 'none')) {
    if (LOCAL.test(host)) return { state: 'not-asked', reason: '' };
    return { state: all('none') && heard.length > 1 ? 'unresolved' : 'unresolved-in-one-view', reason: '' };
  }
  return astray(read, heard, rotates);
}

/** Some or all answers are not ours. What one point of view alone sees is no proof (TRUTH "DNS"). */
function astray(
  read: Reader,
  heard: readonly Judged[],
  rotates: boolean,
): { state: DnsState; reason: string } {
  const former = formerAddresses(read);
  const outdated = heard.filter((entry) => entry.foreign.some((address) => former.includes(address)));
  const old = outdated[0]?.foreign.find((address) => former.includes(address));
  const reason = old ? `${old} was the address of this cluster's load balancer before` : '';
  const somewhere = (view: View) => heard.some((entry) => entry.view === view);
  if (somewhere('partial'))
    return { state: heard.length > 1 && !somewhere('here') ? 'partial' : 'partial-in-one-view', reason };
  // Addresses of a balancer known by name rotate: two lookups that differ prove nothing.
  if (somewhere('here')) return { state: rotates && !old ? 'elsewhere' : 'elsewhere-in-one-view', reason };
  if (!old) return { state: 'elsewhere', reason };
  return { state: outdated.length > 1 ? 'stale' : 'stale-in-one-view', reason };
}

interface Expected {
  readonly addresses: ReadonlySet<string>;
  /** Names of load balancers: a CNAME chain that passes through one leads here. */
  readonly names: ReadonlySet<string>;
  /** Of the addresses, those that such a name has today: tomorrow it has others. */
  readonly sampled: ReadonlySet<string>;
}

const IP = /^[\d.]+$|:/;

function expectedAddresses(read: Reader, entries: HostEntries): Expected {
  const own = entries.loadBalancers.flatMap((lb) => lb.addresses);
  const former = formerAddresses(read);
  const declared = [
    ...own,
    // The status of an Ingress lags: what its load balancer had before is no right answer.
    ...entries.published.filter((address) => own.includes(address) || !former.includes(address)),
    ...config(read).knownAddresses.map((address) => address.trim().toLowerCase().replace(/\.$/, '')),
  ];
  const addresses = new Set(declared.filter((address) => IP.test(address)));
  const names = new Set(declared.filter((address) => !IP.test(address)));
  const sampled = new Set<string>();
  for (const name of names)
    for (const answer of dnsFact(read, name)?.answers ?? [])
      for (const address of [...answer.a, ...answer.aaaa]) sampled.add(address);
  // A ClusterIP is a right answer inside the cluster, but alone it says nothing of what to expect outside.
  if (addresses.size + names.size > 0) for (const ip of entries.clusterIPs) addresses.add(ip);
  return { addresses, names, sampled };
}

function judgeAnswer(answer: DnsAnswer, expected: Expected): Judged {
  const addresses = [...answer.a, ...answer.aaaa.filter((address) => !NAT64.test(address))];
  const base = { server: answer.server, addresses, foreign: [] };
  if (answer.outcome === 'nxdomain' || (answer.outcome === 'nodata' && addresses.length === 0))
    return { ...base, view: 'none' };
  if (answer.outcome !== 'ok') return { ...base, view: 'failed' };
  if (answer.cnames.some((name) => expected.names.has(name))) return { ...base, view: 'here' };
  if (answer.a.length + answer.aaaa.length === 0) return { ...base, view: 'none' };
  const foreign = addresses.filter(
    (address) => !expected.addresses.has(address) && !expected.sampled.has(address),
  );
  if (foreign.length === 0) return { ...base, view: 'here' };
  if (addresses.some((address) => expected.sampled.has(address))) return { ...base, view: 'here' };
  return { ...base, foreign, view: foreign.length === addresses.length ? 'elsewhere' : 'partial' };
}
