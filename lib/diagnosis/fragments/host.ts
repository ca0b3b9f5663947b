/** What one host contributes: its name, where it leads, and the roll-up of its rules. */

import { balancerHealth } from '@/lib/diagnosis/balancer-health';
import { dnsFindings } from '@/lib/diagnosis/checks/dns';
import { type DnsState, type DnsVerdict, dnsVerdict } from '@/lib/diagnosis/dns-verdict';
import { type Draft, EMPTY_FRAGMENT, type Fragment } from '@/lib/diagnosis/draft';
import { hostChecks } from '@/lib/diagnosis/registry';
import { standby } from '@/lib/diagnosis/standby';
import { affected } from '@/lib/diagnosis/symptoms';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import type { HostDetail } from '@/lib/topology/details';
import type { LoadBalancer } from '@/lib/topology/exposure';
import { hostEntries, hostNamespaces, hostRules } from '@/lib/topology/hosts';
import { addressId, hostId } from '@/lib/topology/ids';
import type { Basis, Status, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { dnsFact, known, members, object } from '@/lib/topology/reads';
import { worse } from '@/lib/topology/status';
import { ingressFragment } from './ingress';
import { edge, node } from './parts';
import { withFoundAt } from './with-found';

/** The fragment of a host name; '' is every host. */
export const hostFragment: Query<Fragment> = {
  name: 'host-fragment',
  level: 12,
  compute: (read, host) => {
    const rules = read.query(hostRules, host);
    const entries = read.query(hostEntries, host);
    if (rules.length === 0 && entries.loadBalancers.length === 0) return EMPTY_FRAGMENT;
    const verdict = read.query(dnsVerdict, host);
    const id = hostId(host);
    const statuses = rules.map(({ ingress, rule }) => ruleStatus(read, ingress, rule.id));
    const drafts = dnsDrafts(read, host, verdict).map((found) =>
      found.subject.kind === 'Host'
        ? {
            ...found,
            affects: affected(
              rules.map(({ rule }) => rule),
              null,
            ),
          }
        : found,
    );
    const links = [
      ...entries.loadBalancers.map((lb) => balancerLink(read, id, lb, verdict, drafts)),
      otherBalancers(id, entries.loadBalancers, verdict, drafts),
    ];
    const foreign = foreignParts(id, verdict, drafts);
    const status = hostStatus(statuses, links.flat(), verdict.state);
    const drawn: Fragment = {
      nodes: [hostNode(read, host, status, statuses, verdict, drafts), ...foreign.nodes],
      edges: [...links.flat(), ...foreign.edges],
      findings: drafts,
    };
    return withFoundAt(drawn, id, read.query(hostChecks, host));
  },
};

/** Statuses of an Ingress' rules by id: hosts are judged anew only when one of them changes. */
const ruleStatuses: Query<Readonly<Record<string, Status>>> = {
  name: 'rule-statuses',
  level: 11,
  compute: (read, ingress) =>
    Object.fromEntries(
      read
        .query(ingressFragment, ingress)
        .nodes.filter((entry) => entry.kind === 'rule')
        .map((entry) => [entry.id, entry.status]),
    ),
};

function ruleStatus(read: Reader, ingress: string, id: string): Status {
  return read.query(ruleStatuses, ingress)[id] ?? 'unknown';
}

function dnsDrafts(read: Reader, host: string, verdict: DnsVerdict): readonly Draft[] {
  const expected = read.query(hostEntries, host).loadBalancers;
  const related = members(read, 'ingresses-by-host', host)
    .slice(0, 10)
    .map((key) => {
      const { namespace, name } = splitKey(key);
      return refOf('ingresses', namespace, name, object(read, 'ingresses', key)?.uid);
    });
  const calm = verdict.state === 'not-asked' || verdict.state === 'cold' || verdict.state === 'here';
  if (calm) return [];
  const drafts = dnsFindings(
    { host, verdict, fact: dnsFact(read, host.toLowerCase()), expected, related },
    read.query(standby, ''),
  );
  const cause = unresolvedCause(read, host, expected);
  // Addresses of nodes that may not be read are not missing.
  const seen = known(read, 'nodes').known && known(read, 'services').known;
  const told = drafts.filter(({ code }) => seen || code !== 'dns-expected-address-unknown');
  return told.map((found) => (found.code === 'dns-name-unresolved' && cause ? { ...found, cause } : found));
}

/** What explains a name without address: its load balancer's own name leads nowhere, or nobody makes its record. */
function unresolvedCause(read: Reader, host: string, expected: readonly LoadBalancer[]): string | null {
  const lost = expected
    .flatMap((lb) => balancerHealth(read, lb).drafts)
    .find(({ code }) => code === 'dns-lb-hostname-unresolved');
  const unmade = read.query(hostChecks, host).find(({ draft }) => EXPLAINS.has(draft.code));
  return lost?.id ?? unmade?.draft.id ?? null;
}

const EXPLAINS: ReadonlySet<string> = new Set([
  'dns-externaldns-not-covering',
  'dns-externaldns-controller-mismatch',
  'dns-externaldns-hostname-source',
]);

/** Load balancers of this cluster where the name leads though they do not stand before its controller. */
function otherBalancers(
  host: string,
  expected: readonly LoadBalancer[],
  verdict: DnsVerdict,
  drafts: readonly Draft[],
): readonly TopologyEdge[] {
  const findings = drafts.map((found) => found.id);
  const { status, label } = LINK[verdict.state];
  return verdict.owners
    .filter((owner) => !expected.some((lb) => lb.id === owner))
    .map((target) =>
      edge({ source: host, target, kind: 'resolves', status, basis: 'probed', label, findings }),
    );
}

/** What DNS makes of the way to an expected load balancer. */
const LINK: Readonly<Record<DnsState, { status: Status; basis: Basis; label: string }>> = {
  'not-asked': { status: 'ok', basis: 'declared', label: '' },
  cold: { status: 'pending', basis: 'declared', label: '' },
  here: { status: 'ok', basis: 'probed', label: '' },
  partial: { status: 'degraded', basis: 'probed', label: 'some answers' },
  'partial-in-one-view': { status: 'warning', basis: 'probed', label: 'some answers' },
  unresolved: { status: 'broken', basis: 'probed', label: 'does not resolve' },
  'unresolved-in-one-view': { status: 'warning', basis: 'probed', label: 'not seen by every resolver' },
  failed: { status: 'unknown', basis: 'declared', label: 'DNS did not answer' },
  'nothing-expected': { status: 'unknown', basis: 'declared', label: 'no address to compare' },
  elsewhere: { status: 'unknown', basis: 'declared', label: 'answers with another address' },
  'other-balancer': { status: 'warning', basis: 'probed', label: 'another load balancer' },
  'elsewhere-in-one-view': { status: 'warning', basis: 'probed', label: 'resolvers differ' },
  stale: { status: 'broken', basis: 'probed', label: 'points to an old address' },
  'stale-in-one-view': { status: 'warning', basis: 'probed', label: 'points to an old address' },
};

function balancerLink(
  read: Reader,
  host: string,
  lb: LoadBalancer,
  verdict: DnsVerdict,
  drafts: readonly Draft[],
): readonly TopologyEdge[] {
  // Where the answers belong to another of the host's load balancers, this one is not on the way.
  if (verdict.state === 'here' && verdict.owners.length > 0 && !verdict.owners.includes(lb.id)) return [];
  const link = LINK[verdict.state];
  const balancer = balancerHealth(read, lb);
  const findings = [...drafts.map((found) => found.id), ...balancer.drafts.map((found) => found.id)];
  return [
    edge({
      source: host,
      target: lb.id,
      kind: 'resolves',
      ...link,
      status: worse(link.status, balancer.status),
      findings,
    }),
  ];
}

const FOREIGN: Readonly<Partial<Record<DnsState, Status>>> = {
  elsewhere: 'unknown',
  'elsewhere-in-one-view': 'warning',
  stale: 'broken',
  'stale-in-one-view': 'warning',
  partial: 'degraded',
  'partial-in-one-view': 'warning',
  'nothing-expected': 'unknown',
};

/** Addresses that belong to nothing known here. */
function foreignParts(
  host: string,
  verdict: DnsVerdict,
  drafts: readonly Draft[],
): { nodes: TopologyNode[]; edges: TopologyEdge[] } {
  const status = FOREIGN[verdict.state];
  if (!status) return { nodes: [], edges: [] };
  const findings = drafts.map((found) => found.id);
  return {
    nodes: verdict.foreign.map((address) =>
      node({
        id: addressId(address),
        kind: 'address',
        name: address,
        status: 'unknown',
        detail: { address, reason: 'not an address of this cluster' },
      }),
    ),
    edges: verdict.foreign.map((address) =>
      edge({ source: host, target: addressId(address), kind: 'resolves', status, basis: 'probed', findings }),
    ),
  };
}

/** Status of a host: broken if all its rules are or no way leads in, degraded if any is (CONTRACT "Roll-up"). */
export function hostStatus(rules: readonly Status[], links: readonly TopologyEdge[], dns: DnsState): Status {
  let status: Status = 'ok';
  if (rules.length > 0 && rules.every((rule) => rule === 'broken')) status = 'broken';
  else for (const rule of rules) status = worse(status, rule === 'broken' ? 'degraded' : rule);
  if (links.length > 0 && links.every((link) => link.status === 'broken')) return 'broken';
  if (links.length > 0 && links.every((link) => link.status === 'broken' || link.status === 'unknown'))
    status = worse(status, 'unknown');
  if (links.length > 0 && links.every((link) => link.status === 'pending')) status = worse(status, 'pending');
  return worse(status, LINK[dns].status);
}

function hostNode(
  read: Reader,
  host: string,
  status: Status,
  rules: readonly Status[],
  verdict: DnsVerdict,
  drafts: readonly Draft[],
): TopologyNode {
  const fact = dnsFact(read, host.toLowerCase());
  const detail: HostDetail & { dns: DnsState } = {
    host,
    wildcard: host === '' || host.startsWith('*'),
    addresses: [...new Set(verdict.views.flatMap((view) => view.addresses))].sort(),
    cnames: [...new Set((fact?.answers ?? []).flatMap((answer) => answer.cnames))],
    points: (fact?.answers ?? []).map((answer) => ({
      server: answer.server,
      outcome: answer.outcome,
      addresses: [...answer.a, ...answer.aaaa],
      ttl: answer.ttl,
    })),
    rules: { total: rules.length, failing: rules.filter((rule) => rule === 'broken').length },
    namespaces: hostNamespaces(read, host),
    dns: verdict.state,
  };
  return node({
    id: hostId(host),
    kind: 'host',
    name: host === '' ? '*' : host,
    status,
    findings: drafts.map((found) => found.id),
    detail,
  });
}
