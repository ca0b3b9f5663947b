/** What a host takes in beyond what its author may have meant. */
import type { Found, HostUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { servingController } from '@/lib/diagnosis/lead-controller';
import { sh } from '@/lib/diagnosis/shell';
import type { Ingress } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { members, object } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';
import { counted, ingressRef, isSolver, listed } from './ingress-parts';

/** An Ingress that names a host. */
export interface Claim {
  readonly key: string;
  readonly ingress: Ingress;
}

/** The Ingresses of a host that count: cert-manager's solvers come and go. */
export function claims(read: Reader, host: string): readonly Claim[] {
  return members(read, 'ingresses-by-host', host).flatMap((key) => {
    const ingress = object(read, 'ingresses', key);
    return ingress && !isSolver(ingress) && ingress.deleting === null ? [{ key, ingress }] : [];
  });
}

/** References to the first 50 of them. */
export function refsOf(list: readonly Claim[]): Draft['related'] {
  return list.slice(0, 50).map(({ ingress }) => ingressRef(ingress));
}

/** Names of what is made and thrown away: there, wildcards are the point (CHECKS `rule-host-wildcard`). */
const PREVIEW = /(^|[.*-])(preview|review|pr|dev|develop|test|staging|stage|sandbox|ephemeral)([.-]|$)/i;

/** `rule-host-wildcard`: told once for the cluster; each wildcard host carries it. */
export function wildcardHost(read: Reader, { host }: HostUnit): readonly Found[] {
  if (!host.startsWith('*.')) return [];
  const all = claims(read, host);
  const first = all[0];
  if (!first || PREVIEW.test(host) || all.every(({ ingress }) => PREVIEW.test(ingress.namespace))) return [];
  const found = draft({
    code: 'rule-host-wildcard',
    severity: 'warning',
    impact: 'risk',
    hop: 'rule',
    subject: refOf('ingresses', '', '*'),
    related: refsOf(all),
    title: 'Wildcard hosts take every name without a rule of its own',
    detail: `a wildcard host, like ${host}, answers for names that nobody thought of; by the Ingress spec it stands for one label, yet some controllers take several`,
    evidence: [evidence(ingressRef(first.ingress), 'spec.rules[].host', host)],
    fix: {
      summary: 'Name the hosts that are meant, unless tenants or previews come and go.',
      look: [sh`kubectl -n ${first.ingress.namespace} get ingress ${first.ingress.name} -o yaml`],
    },
  });
  return [{ draft: found }];
}

/** `rule-host-empty`: one finding for all rules without host, unless nothing else is served. */
export function emptyHost(read: Reader, { host, rules }: HostUnit): readonly Found[] {
  if (
    host !== '' ||
    members(read, 'ingresses-all', '').length === members(read, 'ingresses-by-host', '').length
  )
    return [];
  const named = new Set(rules.filter(({ rule }) => !rule.isDefault).map(({ ingress }) => ingress));
  const all = claims(read, '').filter(({ key }) => named.has(key) && takesAll(read, key));
  const first = all[0];
  if (!first) return [];
  const found = draft({
    code: 'rule-host-empty',
    severity: 'warning',
    impact: 'risk',
    hop: 'rule',
    subject: ingressRef(first.ingress),
    related: refsOf(all.slice(1)),
    title: `${counted(all.length, 'Ingress', 'Ingresses')} with rules for every host`,
    detail: `rules without host take requests for any name that reaches the controller: ${listed(all.map(({ key }) => key))}`,
    evidence: all
      .slice(0, 5)
      .map(({ ingress }) => evidence(ingressRef(ingress), 'spec.rules[].host', 'not set')),
    fix: {
      summary: 'Name the host, unless every name is meant.',
      look: [sh`kubectl -n ${first.ingress.namespace} get ingress ${first.ingress.name} -o yaml`],
    },
  });
  return [{ draft: found }];
}

/**
 * Whether rules without host take requests from others: somebody serves them, and not on an address of their own, as each
 * Ingress of GKE has, and each ALB without group.
 */
function takesAll(read: Reader, key: string): boolean {
  const types = read.query(serving, key).controllers.map((id) => servingController(read, key, id)?.type);
  const grouped =
    object(read, 'ingresses', key)?.annotations['alb.ingress.kubernetes.io/group.name'] !== undefined;
  return types.some((type) => type !== 'gce' && (type !== 'aws-alb' || grouped));
}
