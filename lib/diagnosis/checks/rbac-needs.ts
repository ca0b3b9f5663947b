/** `rbac-controller-missing-permission`: what a controller may not see it cannot serve. */
import { type NeededRight, neededRights } from '@/lib/controllers/needed-rights';
import type { RecognisedWorkload } from '@/lib/controllers/types';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { type Account, accountRef, controlAccount } from '@/lib/diagnosis/controller-account';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { listed } from '@/lib/diagnosis/policy-words';
import { sh } from '@/lib/diagnosis/shell';
import { affected } from '@/lib/diagnosis/symptoms';
import type { Reader } from '@/lib/state/cells';
import { accessDoubt, type Bound, boundTo, hasRight } from '@/lib/topology/access';
import { servedRules } from '@/lib/topology/hosts';
import type { Severity, Status } from '@/lib/topology/model';
import { config } from '@/lib/topology/reads';

interface Lack {
  readonly right: NeededRight;
  readonly verbs: readonly string[];
  /** Null: in the whole cluster. */
  readonly namespace: string | null;
}

/** Of the controllers whose needs are known, where all of RBAC can be read. */
export function missingPermission(read: Reader, unit: ControllerUnit): readonly Found[] {
  const { recognised } = unit.controller;
  const account = controlAccount(read, unit.controller);
  if (!recognised || !account || account.workload.replicas === 0) return [];
  if (recognised.predatesV1 || recognised.servesIngress !== true || recognised.confidence === 'guess')
    return [];
  const needed = neededRights(recognised, account.workload);
  if (!needed || config(read).limitedView || accessDoubt(read) !== null) return [];
  const bound = read.query(boundTo, account.key);
  const lacks = needed.flatMap((right) => lacksOf(bound, right, recognised));
  return lacks.length === 0 ? [] : [lackFound(read, unit, account, lacks)];
}

/** Where a right must hold. Scoped to namespaces, a controller needs Roles only, and goes without IngressClasses. */
function placesOf(
  right: NeededRight,
  { watchNamespaces, namespace }: RecognisedWorkload,
): readonly (string | null)[] {
  if (right.where === 'own') return [namespace];
  if (watchNamespaces === 'unknown') return [];
  if (watchNamespaces === null) return [null];
  return right.where === 'cluster' ? [] : watchNamespaces;
}

function lacksOf(
  bound: readonly Bound[],
  right: NeededRight,
  recognised: RecognisedWorkload,
): readonly Lack[] {
  const { group, resource } = right;
  return placesOf(right, recognised).flatMap((namespace) => {
    const verbs = right.verbs.filter((verb) => !hasRight(bound, { verb, group, resource }, namespace));
    return verbs.length > 0 ? [{ right, verbs, namespace }] : [];
  });
}

function rightWords({ right, verbs, namespace }: Lack): string {
  return `${verbs.join(', ')} ${right.resource}${namespace === null ? '' : ` in ${namespace}`}`;
}

/** Pods that are ready serve what they have loaded: without a right they see no change, and after a restart nothing. */
function weigh(
  lacks: readonly Lack[],
  ready: boolean,
): { severity: Severity; status?: Status; effect: string } {
  if (lacks.every(({ right }) => right.for === 'status'))
    return {
      severity: 'warning',
      effect: 'addresses are not written into Ingresses, or no leader is elected',
    };
  return ready
    ? {
        severity: 'degraded',
        status: 'degraded',
        effect: 'it serves at most what it has loaded before, and sees no change',
      }
    : { severity: 'broken', status: 'broken', effect: 'it cannot start to serve' };
}

function lackFound(
  read: Reader,
  { id, controller }: ControllerUnit,
  account: Account,
  lacks: readonly Lack[],
): Found {
  const { namespace, name, workload } = account;
  const { severity, status, effect } = weigh(lacks, workload.readyReplicas > 0);
  const subject = accountRef(read, account);
  const rules = status ? read.query(servedRules, id).map(({ rule }) => rule) : [];
  const as = `system:serviceaccount:${namespace}:${name}`;
  const found = draft({
    code: 'rbac-controller-missing-permission',
    severity,
    hop: 'rbac',
    subject,
    holdMs: OBJECT_HOLD_MS,
    affects: affected(rules, null),
    title: `Controller ${controller.name} may not ${rightWords(lacks[0] as Lack)}`,
    detail: `no role grants ServiceAccount ${name} of ${namespace}: ${listed(lacks.map(rightWords))}; ${effect}`,
    evidence: lacks.slice(0, 20).map((lack) => evidence(subject, 'may not', rightWords(lack))),
    fix: {
      summary: 'Grant what is missing, as the role of the controller’s own manifest does.',
      look: lacks.slice(0, 3).map((lack) => canI(lack, as)),
      change: commands(account, controller.name, lacks),
      managedBy: managedBy(workload),
    },
  });
  return status ? { draft: found, status } : { draft: found };
}

function plural({ group, resource }: NeededRight): string {
  const [main, sub] = resource.split('/');
  const full = group === '' ? `${main}` : `${main}.${group}`;
  return sub === undefined ? full : `${full}/${sub}`;
}

function canI({ right, verbs, namespace }: Lack, as: string): string {
  const verb = verbs[0] ?? 'list';
  return namespace === null
    ? sh`kubectl auth can-i ${verb} ${plural(right)} --as=${as} -A`
    : sh`kubectl auth can-i ${verb} ${plural(right)} --as=${as} -n ${namespace}`;
}

/** A role beside those that there are, for each place and set of verbs; roles add up. */
function commands(account: Account, controller: string, lacks: readonly Lack[]): readonly string[] {
  const groups = new Map<string, Lack[]>();
  for (const lack of lacks) {
    const id = JSON.stringify([lack.namespace, lack.verbs]);
    groups.set(id, [...(groups.get(id) ?? []), lack]);
  }
  return [...groups.values()].slice(0, 5).flatMap((group, index) => {
    const { namespace, verbs } = group[0] as Lack;
    const role = `${controller.slice(0, 200)}-missing${index === 0 ? '' : `-${index + 1}`}`;
    const what = group.map(({ right }) => plural(right)).join(',');
    const who = `${account.namespace}:${account.name}`;
    return namespace === null
      ? [
          sh`kubectl create clusterrole ${role} --verb=${verbs.join(',')} --resource=${what}`,
          sh`kubectl create clusterrolebinding ${role} --clusterrole=${role} --serviceaccount=${who}`,
        ]
      : [
          sh`kubectl -n ${namespace} create role ${role} --verb=${verbs.join(',')} --resource=${what}`,
          sh`kubectl -n ${namespace} create rolebinding ${role} --role=${role} --serviceaccount=${who}`,
        ];
  });
}
