/** What a controller may do beyond its work: `rbac-controller-cluster-admin`, `-wildcard`, `-secrets-clusterwide`, `-escalation`. */
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { type Account, accountRef, controlAccount } from '@/lib/diagnosis/controller-account';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { listed } from '@/lib/diagnosis/policy-words';
import { escalations, isClusterAdmin, isWildcard, readsAllSecrets } from '@/lib/diagnosis/risky-grants';
import { sh } from '@/lib/diagnosis/shell';
import type { PolicyGrant } from '@/lib/kube/access-objects';
import type { Reader } from '@/lib/state/cells';
import { type Bound, boundTo } from '@/lib/topology/access';
import type { Severity } from '@/lib/topology/model';

/** One thing that a role grants, and by which binding. */
interface Granted {
  readonly bound: Bound;
  readonly words: string;
}

interface Told {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  readonly summary: string;
}

/** All four; what cluster-admin grants anyway is not told again. Only what is seen granted counts, so blindness makes no finding. */
export function controllerPowers(read: Reader, { controller }: ControllerUnit): readonly Found[] {
  const account = controlAccount(read, controller);
  if (!account) return [];
  const all = read.query(boundTo, account.key);
  const admin = all.filter(isClusterAdmin);
  if (admin.length > 0) return [{ draft: clusterAdmin(read, account, admin) }];
  const wild = each(all, (grant) => (isWildcard(grant) ? [grantWords(grant)] : []));
  const secrets = each(
    all.filter(({ scope }) => scope === null),
    (grant) => (readsAllSecrets(grant) ? ['list and watch Secrets'] : []),
  );
  const steps = each(all, (grant) => (isWildcard(grant) ? [] : escalations(grant, controller.type)));
  const { name } = controller;
  return [
    ...told(read, account, wild, {
      code: 'rbac-controller-wildcard',
      severity: 'warning',
      title: `Controller ${name} is granted rights by *`,
      why: '“*” grants what is not there yet, too',
      summary: 'Name verbs, groups and resources one by one; the role of the controller’s chart shows which.',
    }),
    ...told(read, account, secrets, {
      code: 'rbac-controller-secrets-clusterwide',
      severity: 'info',
      title: `Controller ${name} may read every Secret of the cluster`,
      why: 'the default of most controllers, and the reason why a hole in one is a hole in the cluster',
      summary: 'Limit the controller to namespaces, or its right to the Secrets that Ingresses name.',
    }),
    ...told(read, account, steps, {
      code: 'rbac-controller-escalation',
      severity: 'warning',
      title: `Controller ${name} may give itself more rights`,
      why: 'whoever takes over its pods goes on from there',
      summary: 'Take these verbs out of the role.',
    }),
  ];
}

function each(all: readonly Bound[], words: (grant: PolicyGrant) => readonly string[]): readonly Granted[] {
  return all.flatMap((bound) =>
    [...new Set(bound.grants.flatMap(words))].map((text) => ({ bound, words: text })),
  );
}

/** `get, list of services in apps`. */
function grantWords({ verbs, groups, resources }: PolicyGrant): string {
  const where = groups.map((group) => (group === '' ? 'core' : group)).join(', ');
  return `${verbs.join(', ')} on ${resources.join(', ')} of ${where}`;
}

function pathWords({ binding, role, scope, via }: Bound): string {
  const where = scope === null ? '' : ` in ${scope}`;
  return `${via} → ${binding.kind} ${binding.name} → ${role.kind} ${role.name}${where}`;
}

function told(read: Reader, account: Account, granted: readonly Granted[], words: Told): readonly Found[] {
  if (granted.length === 0) return [];
  const texts = [...new Set(granted.map((one) => one.words))];
  return [
    { draft: powerDraft(read, account, granted, { ...words, why: `it may ${listed(texts)}; ${words.why}` }) },
  ];
}

function clusterAdmin(read: Reader, account: Account, admin: readonly Bound[]): Draft {
  const granted = admin.map((bound) => ({ bound, words: 'everything' }));
  return powerDraft(read, account, granted, {
    code: 'rbac-controller-cluster-admin',
    severity: 'warning',
    title: `Controller ${account.workload.name} is cluster-admin`,
    why: 'it may do everything in the cluster; a hole in the controller is one in all of it',
    summary: 'Bind the role of the controller’s chart first, then remove this binding.',
  });
}

function powerDraft(
  read: Reader,
  account: Account,
  granted: readonly Granted[],
  { code, severity, title, why, summary }: Told,
): Draft {
  const { namespace, name, workload } = account;
  const bindings = [...new Map(granted.map(({ bound }) => [JSON.stringify(bound.binding), bound])).values()];
  const first = bindings[0];
  return draft({
    code,
    severity,
    impact: 'risk',
    hop: 'rbac',
    subject: accountRef(read, account),
    related: bindings.flatMap(({ binding, role }) => [binding, role]).slice(0, 50),
    title,
    detail: `ServiceAccount ${name} of ${namespace}: ${why}`,
    evidence: granted
      .slice(0, 20)
      .map(({ bound, words }) => evidence(bound.binding, pathWords(bound), words)),
    fix: {
      summary,
      look: [
        sh`kubectl auth can-i --list --as=${`system:serviceaccount:${namespace}:${name}`}`,
        ...(first ? [lookAt(first)] : []),
      ],
      managedBy: managedBy(workload),
    },
  });
}

function lookAt({ role }: Bound): string {
  return role.kind === 'ClusterRole'
    ? sh`kubectl describe clusterrole ${role.name}`
    : sh`kubectl -n ${role.namespace} describe role ${role.name}`;
}
