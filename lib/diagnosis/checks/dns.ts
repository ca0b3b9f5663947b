/** Findings of the DNS hop (CHECKS, hop dns; TRUTH "DNS" holds). */
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
      return [partial(context, 'degraded', '')];
    case 'partial-in-one-view':
      return [partial(context, 'warning', oneView(context, 'partial'))];
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
      if (standby.addresses === context.verdict.foreign.join(', ')) return [notThisCluster(standby)];
      return [
        elsewhere(
          context,
          'warning',
          'unknown',
          'it answers with an address that this cluster does not know: a CDN, a NAT or a balancer in front, or a wrong record',
        ),
      ];
    default:
      return [];
  }
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
