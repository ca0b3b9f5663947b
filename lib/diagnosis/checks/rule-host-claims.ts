/** Hosts that several namespaces or classes claim. */
import type { Found, HostUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { sh } from '@/lib/diagnosis/shell';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { ingressRules } from '@/lib/topology/rules';
import { serving } from '@/lib/topology/serving';
import { counted, ingressRef, listed } from './ingress-parts';
import { type Claim, claims, refsOf } from './rule-hosts';

/** Whether two lists of Ingresses name a path of the host in common. */
function sharePath(read: Reader, host: string, groups: readonly (readonly Claim[])[]): boolean {
  const seen = new Map<string, number>();
  return groups.some((group, i) =>
    group
      .flatMap(({ key }) => read.query(ingressRules, key))
      .filter((rule) => rule.host === host && !rule.isDefault)
      .some((rule) => {
        const path = rule.path.replace(/\/$/, '');
        const before = seen.get(path);
        seen.set(path, before ?? i);
        return before !== undefined && before !== i;
      }),
  );
}

/** `rule-host-across-namespaces`: told once for each set of namespaces, whatever number of hosts they share. */
export function acrossNamespaces(read: Reader, { host }: HostUnit): readonly Found[] {
  if (host === '') return [];
  const all = claims(read, host);
  const groups = Map.groupBy(all, ({ ingress }) => ingress.namespace);
  const [first, ...others] = [...groups.keys()].sort();
  if (first === undefined || others.length === 0) return [];
  // Each team its own path is a design; the same path twice is a claim.
  const contested = sharePath(read, host, [...groups.values()]);
  const found = draft({
    code: 'rule-host-across-namespaces',
    severity: contested ? 'warning' : 'info',
    impact: 'risk',
    hop: 'rule',
    subject: refOf('namespaces', '', first),
    discriminator: others.join(','),
    related: refsOf(all),
    title: `Host ${host} is defined from ${counted(others.length + 1, 'namespace')}`,
    detail: `${host} has rules in ${listed([first, ...others])}: whoever may write Ingresses in one of them may take paths of the others${contested ? ', and one path is claimed twice' : ''}`,
    evidence: all
      .slice(0, 5)
      .map(({ ingress }) => evidence(ingressRef(ingress), 'metadata.namespace', ingress.namespace)),
    fix: {
      summary:
        'Nothing to do if the teams agreed on it; else let an admission policy say which namespace may use which host.',
      look: [first, ...others].slice(0, 5).map((namespace) => sh`kubectl -n ${namespace} get ingress`),
    },
  });
  return [{ draft: found }];
}

const PRIVATE = /intern|private|(^|[.-])int([.-]|$)/i;

function isInternal({ ingress }: Claim, className: string): boolean {
  const addresses = ingress.addresses.map(({ ip, hostname }) => ip || hostname);
  return (
    PRIVATE.test(className) ||
    addresses.some(
      (address) => PRIVATE.test(address) || /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address),
    )
  );
}

/** `rule-duplicate-host-other-class`: told once for each pair of classes. */
export function otherClass(read: Reader, { host }: HostUnit): readonly Found[] {
  if (host === '') return [];
  const served = claims(read, host).flatMap((claim) => {
    const { className, controllers } = read.query(serving, claim.key);
    return className !== null && controllers.length > 0 ? [{ ...claim, className, controllers }] : [];
  });
  const classes = [...new Set(served.map((claim) => claim.className))].sort();
  const [first, ...others] = classes;
  if (first === undefined || others.length === 0) return [];
  const by = (name: string) =>
    new Set(served.filter((claim) => claim.className === name).flatMap((claim) => claim.controllers));
  // Two names of one controller's classes lead to the same place.
  const mine = by(first);
  if (others.every((name) => [...by(name)].every((id) => mine.has(id)))) return [];
  const splitDns = served.some((claim) => isInternal(claim, claim.className));
  const found = draft({
    code: 'rule-duplicate-host-other-class',
    severity: splitDns ? 'info' : 'warning',
    impact: 'risk',
    hop: 'rule',
    subject: refOf('ingressclasses', '', first),
    discriminator: others.join(','),
    related: refsOf(served),
    title: `Host ${host} is served by classes ${listed(classes)}`,
    detail: `${host} has rules in classes ${listed(classes)}: DNS decides which of them a user reaches${splitDns ? ', as with an inner and an outer view' : ''}`,
    evidence: served
      .slice(0, 5)
      .map((claim) => evidence(ingressRef(claim.ingress), 'spec.ingressClassName', claim.className)),
    fix: {
      summary: 'Nothing to do if inside and outside are kept apart; else serve the host by one class.',
      look: [sh`dig ${host}`],
    },
  });
  return [{ draft: found }];
}
