/** `rbac-controller-sa-missing` and `rbac-controller-default-sa`: whom the controller's pods run as. */
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { type Account, accountRef, accountsAreSeen, allAccounts } from '@/lib/diagnosis/controller-account';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { affected } from '@/lib/diagnosis/symptoms';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { servedRules } from '@/lib/topology/hosts';
import { object } from '@/lib/topology/reads';
import { workloadResource } from '@/lib/topology/workloads';

/** Both checks of every account. */
export function controllerAccounts(read: Reader, unit: ControllerUnit): readonly Found[] {
  return allAccounts(read, unit.controller)
    .filter(({ namespace }) => accountsAreSeen(read, namespace))
    .flatMap((account) => {
      if (account.name === 'default') return [defaultAccount(read, unit, account)];
      return object(read, 'serviceaccounts', account.key) ? [] : [missing(read, unit, account)];
    });
}

function workloadRefOf({ workload }: Account) {
  return refOf(workloadResource(workload), workload.namespace, workload.name, workload.uid);
}

/** New pods are refused at once; those that run go on until their token ends or they are replaced. */
function missing(read: Reader, { id }: ControllerUnit, account: Account): Found {
  const { namespace, name, workload } = account;
  const running = workload.readyReplicas > 0;
  const severity = running ? 'degraded' : 'broken';
  const subject = workloadRefOf(account);
  const ref = accountRef(read, account);
  const found = draft({
    code: 'rbac-controller-sa-missing',
    severity,
    hop: 'rbac',
    subject,
    holdMs: OBJECT_HOLD_MS,
    related: [ref],
    affects: affected(
      read.query(servedRules, id).map(({ rule }) => rule),
      null,
    ),
    title: `ServiceAccount ${name} of ${workload.name} does not exist`,
    detail: running
      ? `${workload.kind} ${workload.name} runs as ServiceAccount ${name}, which is not in ${namespace}: new pods are refused, and those that run lose their access`
      : `${workload.kind} ${workload.name} is to run as ServiceAccount ${name}, which is not in ${namespace}: no pod can be made`,
    evidence: [evidence(subject, 'spec.template.spec.serviceAccountName', name)],
    fix: {
      summary: `Create ServiceAccount ${name} in ${namespace}, with the bindings of the controller’s chart.`,
      look: [sh`kubectl -n ${namespace} get serviceaccounts`],
      change: [sh`kubectl -n ${namespace} create serviceaccount ${name}`],
      managedBy: managedBy(workload),
    },
  });
  return { draft: found, status: severity };
}

function defaultAccount(read: Reader, { controller }: ControllerUnit, account: Account): Found {
  const { namespace, workload } = account;
  const subject = workloadRefOf(account);
  return {
    draft: draft({
      code: 'rbac-controller-default-sa',
      severity: 'warning',
      impact: 'risk',
      hop: 'rbac',
      subject,
      related: [accountRef(read, account)],
      title: `Controller ${controller.name} runs as the default ServiceAccount`,
      detail: `${workload.kind} ${workload.name} names no ServiceAccount of its own: every pod of ${namespace} that names none has the same rights`,
      evidence: [
        evidence(subject, 'spec.template.spec.serviceAccountName', workload.serviceAccount || 'default'),
      ],
      fix: {
        summary: 'Give the controller a ServiceAccount of its own, and bind its roles to that.',
        look: [
          sh`kubectl auth can-i --list --as=${`system:serviceaccount:${namespace}:default`} -n ${namespace}`,
        ],
        managedBy: managedBy(workload),
      },
    }),
  };
}
