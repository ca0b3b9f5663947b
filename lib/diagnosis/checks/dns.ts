/* All of a host name on its way, code by code: over 300 lines, since each code is its words, and they share their evidence. */
/** Findings of the DNS hop (CHECKS, hop dns; TRUTH "DNS" holds). */
import { cdnOf, isPrivateAddress } from '@/lib/diagnosis/address-ranges';
import type { DnsVerdict } from '@/lib/diagnosis/dns-verdict';
import { type Draft, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { sh } from '@/lib/diagnosis/shell';
import type { Standby } from '@/lib/diagnosis/standby';
import type { Ref } from '@/lib/kube/refs';
import type { DnsFact } from '@/lib/state/facts';
import type { LoadBalancer } from '@/lib/topology/exposure';

export interface DnsContext {
  readonly host: string;
  readonly verdict: DnsVerdict;
  readonly fact: DnsFact | undefined;
  readonly expected: readonly LoadBalancer[];
  readonly related: readonly Ref[];
}

/** Findings for one host; at most one, for one name has one fault at a time. */
export function dnsFindings(context: DnsContext, standby: Standby): readonly Draft[] {
  switch (context.verdict.state) {
    case 'unresolved':
      return [unresolved(context, 'broken', 'open', 'no record: every resolver asked says so')];
    case 'unresolved-in-one-view':
      return [unresolved(context, 'warning', 'open', oneView(context, 'none'))];
    case 'failed':
      return [
        unresolved(
          context,
          'warning',
          'unknown',
          `whether the name resolves is not known: ${failures(context)}`,
        ),
      ];
    case 'partial':
      return [ipv6Only(context, 'degraded', '') ?? partial(context, 'degraded', '')];
    case 'partial-in-one-view': {
      const why = oneView(context, 'partial');
      return [ipv6Only(context, 'warning', why) ?? partial(context, 'warning', why)];
    }
    case 'nothing-expected':
      return nothingExpected(context);
    case 'stale':
      return [elsewhere(context, 'broken', 'open', context.verdict.reason)];
    case 'stale-in-one-view':
      return [
        elsewhere(context, 'warning', 'open', `${context.verdict.reason}; ${oneView(context, 'elsewhere')}`),
      ];
    case 'other-balancer':
      return [
        elsewhere(
          context,
          'warning',
          'open',
          'that is another load balancer of this cluster, not before this controller',
        ),
      ];
    case 'elsewhere-in-one-view':
      return [
        elsewhere(
          context,
          'warning',
          'open',
          [context.verdict.reason, oneView(context, 'elsewhere')].filter((text) => text !== '').join('; '),
        ),
      ];
    case 'elsewhere':
      return [unknownAddress(context, standby)];
    default:
      return [];
  }
}

/** All answers are foreign, and nothing says that they are wrong. */
function unknownAddress(context: DnsContext, standby: Standby): Draft {
  if (standby.addresses === context.verdict.foreign.join(', ')) return notThisCluster(standby);
  const why =
    'it answers with an address that this cluster does not know: a CDN, a NAT or a balancer in front, or a wrong record';
  return behindCdn(context) ?? privateOnly(context) ?? elsewhere(context, 'warning', 'unknown', why);
}

/** While a load balancer is being made, or nobody serves the host, that is the finding. */
function nothingExpected({ expected }: DnsContext): readonly Draft[] {
  return expected.length > 0 && expected.every(({ pending }) => !pending) ? [expectedUnknown()] : [];
}

function hostRef(host: string): Ref {
  return { group: '', version: '', resource: '', kind: 'Host', namespace: '', name: host };
}

function expectedWords({ expected }: DnsContext): string {
  const addresses = [...new Set(expected.flatMap((lb) => lb.addresses))];
  return addresses.length > 0 ? addresses.slice(0, 6).join(', ') : 'the address of its load balancer';
}

function oneView({ verdict }: DnsContext, view: string): string {
  const seen = verdict.views.filter((entry) => entry.view === view).map((entry) => entry.server);
  if (verdict.views.length === 1)
    return `seen by the one resolver that was asked (${seen[0]}); others may see more`;
  return `seen by ${seen.join(', ')} only; the other resolvers differ (split horizon, or a change under way)`;
}

function failures({ fact }: DnsContext): string {
  return (fact?.answers ?? []).map((answer) => `${answer.server}: ${answer.outcome}`).join(', ');
}

function answersEvidence({ host, fact }: DnsContext) {
  return (fact?.answers ?? []).map((answer) => {
    const found = [...answer.cnames.map((name) => `CNAME ${name}`), ...answer.a, ...answer.aaaa].join(', ');
    return evidence(
      hostRef(host),
      `DNS ${answer.server}`,
      answer.outcome === 'ok' ? found : answer.outcome,
      answer.at,
    );
  });
}

function cacheWords({ fact }: DnsContext): string {
  const ttl = Math.max(0, ...(fact?.answers ?? []).map((answer) => answer.ttl));
  return ttl > 0 ? ` A mended answer may stay cached for ${ttl} s.` : '';
}

function look(host: string): readonly string[] {
  return [sh`dig +short ${host}`, sh`dig +trace ${host}`];
}

function unresolved(
  context: DnsContext,
  severity: Draft['severity'],
  state: Draft['state'],
  why: string,
): Draft {
  const { host } = context;
  return draft({
    code: 'dns-name-unresolved',
    severity,
    state,
    hop: 'dns',
    subject: hostRef(host),
    related: context.related,
    title: `${host} → ${state === 'unknown' ? 'resolution not known' : 'does not resolve'}`,
    detail: why,
    evidence: answersEvidence(context),
    fix: {
      summary:
        state === 'unknown'
          ? 'Find out why the DNS servers do not answer, or name others in ATLAS_DNS_SERVERS.'
          : `Create an A, AAAA or CNAME record for ${host} that leads to ${expectedWords(context)}, or let external-dns own it.`,
      look: look(host),
    },
    holdMs: holdOf(context),
  });
}

/** Several resolvers that agree confirm each other at once; a single one has to go on saying so. */
function holdOf({ verdict }: DnsContext): number {
  const views = new Set(verdict.views.map((view) => view.view));
  return verdict.views.length > 1 && views.size === 1 ? 0 : OBJECT_HOLD_MS;
}

/** What it answers that is not expected; of other load balancers of this cluster too. */
function strays({ verdict }: DnsContext): string {
  return [...new Set(verdict.views.flatMap((view) => view.foreign))].sort().join(', ');
}

function partial(context: DnsContext, severity: Draft['severity'], why: string): Draft {
  const { host } = context;
  return draft({
    code: 'dns-partial-mismatch',
    severity,
    hop: 'dns',
    subject: hostRef(host),
    related: context.related,
    title: `${host} → some clients go elsewhere`,
    detail: `some answers lead here, others to ${strays(context)}${why === '' ? '' : `: ${why}`}`,
    evidence: answersEvidence(context),
    fix: {
      summary: `Remove the stale record (${strays(context)}); expected: ${expectedWords(context)}.${cacheWords(context)}`,
      look: look(host),
    },
    holdMs: OBJECT_HOLD_MS,
  });
}

function elsewhere(
  context: DnsContext,
  severity: Draft['severity'],
  state: Draft['state'],
  why: string,
): Draft {
  const { host, verdict } = context;
  const answered = [...new Set(verdict.views.flatMap((view) => view.foreign))].sort().join(', ');
  return draft({
    code: 'dns-points-elsewhere',
    severity,
    state,
    hop: 'dns',
    subject: hostRef(host),
    related: context.related,
    title: `${host} → ${answered}`,
    detail: `${host} resolves to ${answered}, expected ${expectedWords(context)}: ${why}`,
    evidence: answersEvidence(context),
    fix: {
      summary: `Let the record lead to ${expectedWords(context)}${context.verdict.state === 'other-balancer' ? '' : '; if the address is right (CDN, NAT, VIP), declare it in ATLAS_KNOWN_ADDRESSES'}.${cacheWords(context)}`,
      look: look(host),
    },
    holdMs: holdOf(context),
  });
}

/** `dns-ipv6-mismatch`: what is wrong are IPv6 addresses alone, and the load balancer has none. */
function ipv6Only(context: DnsContext, severity: Draft['severity'], why: string): Draft | null {
  const { host, expected, verdict } = context;
  const foreign = [...new Set(verdict.views.flatMap((view) => view.foreign))].sort();
  const own = expected.flatMap(({ addresses }) => addresses);
  const four = own.length > 0 && own.every((address) => /^[\d.]+$/.test(address));
  if (!four || !foreign.every((address) => address.includes(':'))) return null;
  return draft({
    code: 'dns-ipv6-mismatch',
    severity,
    hop: 'dns',
    subject: hostRef(host),
    related: context.related,
    title: `${host} → clients with IPv6 go elsewhere`,
    detail: `AAAA ${foreign.join(', ')} is not of its load balancer, which has IPv4 only (${expectedWords(context)})${why === '' ? '' : `: ${why}`}`,
    evidence: answersEvidence(context),
    fix: {
      summary: `Delete the AAAA record, or give the load balancer IPv6.${cacheWords(context)}`,
      look: [sh`dig +short ${host} AAAA`, ...look(host)],
    },
    holdMs: OBJECT_HOLD_MS,
  });
}

/** `dns-proxied-by-cdn`: every answer is an address of one known network in front. */
function behindCdn(context: DnsContext): Draft | null {
  const names = [...new Set(context.verdict.foreign.map(cdnOf))];
  const [name] = names;
  if (names.length !== 1 || !name) return null;
  return draft({
    code: 'dns-proxied-by-cdn',
    severity: 'info',
    hop: 'dns',
    subject: { group: '', version: '', resource: '', kind: 'Cluster', namespace: '', name: 'cluster' },
    discriminator: name,
    related: context.related,
    title: `Hosts are behind ${name}: where it sends their traffic does not show in DNS`,
    detail: `names resolve to addresses of ${name}; its way to this cluster (the origin) cannot be verified from DNS`,
    evidence: answersEvidence(context),
    fix: {
      summary:
        'Nothing to mend. Look up the origin in its settings, and ask it directly with the host’s name.',
      look: look(context.host),
    },
  });
}

/** `dns-private-address`: nobody outside reaches such an address, while the load balancer has a public one. */
function privateOnly(context: DnsContext): Draft | null {
  const { host, expected, verdict } = context;
  const answered = verdict.views.flatMap(({ addresses }) => addresses);
  const own = expected.flatMap(({ addresses }) => addresses).filter((address) => /^[\d.]+$|:/.test(address));
  const isPublic = own.some((address) => !isPrivateAddress(address));
  if (answered.length === 0 || !isPublic || !answered.every(isPrivateAddress)) return null;
  return draft({
    code: 'dns-private-address',
    severity: 'warning',
    state: verdict.views.length > 1 ? 'open' : 'unknown',
    hop: 'dns',
    subject: hostRef(host),
    related: context.related,
    title: `${host} → ${[...new Set(answered)].sort().join(', ')}, a private address`,
    detail: `the resolvers that were asked give a private address only, while the load balancer has ${expectedWords(context)}: clients outside do not get there, unless their resolvers see another answer`,
    evidence: answersEvidence(context),
    fix: {
      summary: `Publish a record that leads to ${expectedWords(context)}; if it is meant for inside, declare the address in ATLAS_KNOWN_ADDRESSES.`,
      look: look(host),
    },
    holdMs: OBJECT_HOLD_MS,
  });
}

/** `dns-expected-address-unknown`, once: no Service or Ingress before these hosts has an address. */
function expectedUnknown(): Draft {
  return draft({
    code: 'dns-expected-address-unknown',
    severity: 'info',
    hop: 'dns',
    subject: { group: '', version: '', resource: '', kind: 'Cluster', namespace: '', name: 'cluster' },
    title: 'Whether hosts lead to this cluster cannot be compared: it publishes no address',
    detail:
      'names resolve, but neither Ingresses nor Services before their controller say what address is right',
    evidence: [evidence(null, 'status.loadBalancer.ingress', 'empty')],
    fix: {
      summary:
        'Let the controller publish its address (--publish-service), or declare it in ATLAS_KNOWN_ADDRESSES.',
      look: ['kubectl get service -A'],
    },
  });
}

/** One finding instead of hundreds where the whole cluster stands by. */
function notThisCluster(found: Standby): Draft {
  return draft({
    code: 'dns-points-elsewhere',
    severity: 'info',
    hop: 'dns',
    subject: { group: '', version: '', resource: '', kind: 'Cluster', namespace: '', name: 'cluster' },
    title: 'This cluster does not receive this traffic',
    detail: `${found.hosts} of ${found.of} hosts resolve to ${found.addresses}, which this cluster does not know: it may be a standby`,
    evidence: [evidence(null, 'DNS', found.addresses ?? '')],
    fix: { summary: 'If these addresses lead here (CDN, NAT, VIP), declare them in ATLAS_KNOWN_ADDRESSES.' },
    holdMs: OBJECT_HOLD_MS,
  });
}
