/** The ServiceAccounts that a controller's pods run as. */
import type { Workload } from '@/lib/kube/objects';
import { objectKey, type Ref } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { planeWorkload } from '@/lib/topology/exposure';
import { config, known, object } from '@/lib/topology/reads';

export interface Account {
  readonly namespace: string;
  readonly name: string;
  /** `NS/NAME`. */
  readonly key: string;
  /** The workload that runs as it. */
  readonly workload: Workload;
}

function accountOf(workload: Workload): Account {
  const name = workload.serviceAccount === '' ? 'default' : workload.serviceAccount;
  return { namespace: workload.namespace, name, key: objectKey(workload.namespace, name), workload };
}

/** The account of the workload that reads Ingresses and programs the rest. */
export function controlAccount(read: Reader, { workload, namespace }: Controller): Account | null {
  const found = workload && planeWorkload(read, { ...workload, namespace });
  return found ? accountOf(found) : null;
}

/** The accounts of all its workloads, data planes too, each once. */
export function allAccounts(read: Reader, controller: Controller): readonly Account[] {
  const control = controlAccount(read, controller);
  const planes = controller.dataPlane.flatMap((plane) => {
    const workload = planeWorkload(read, plane);
    return workload ? [accountOf(workload)] : [];
  });
  const all = [...(control ? [control] : []), ...planes];
  return [...new Map(all.map((account) => [account.key, account])).values()];
}

/** Whether the ServiceAccounts of a namespace are seen: `default` is in every namespace, made by the control plane. */
export function accountsAreSeen(read: Reader, namespace: string): boolean {
  if (!known(read, 'serviceaccounts').known || config(read).limitedView) return false;
  return object(read, 'serviceaccounts', objectKey(namespace, 'default')) !== undefined;
}

/** Reference to the account; a ghost where it does not exist. */
export function accountRef(read: Reader, { namespace, name, key }: Account): Ref {
  return refOf('serviceaccounts', namespace, name, object(read, 'serviceaccounts', key)?.uid);
}
