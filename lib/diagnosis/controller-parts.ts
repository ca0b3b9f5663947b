/** What checks of a controller ask of it again and again. */
import { controllerContainer } from '@/lib/controllers/config-maps';
import type { Pod, Workload } from '@/lib/kube/objects';
import type { Ref } from '@/lib/kube/refs';
import { matchesSelector } from '@/lib/kube/selectors';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { planeWorkload } from '@/lib/topology/exposure';
import { configMapFact, members, object } from '@/lib/topology/reads';
import { workloadRef } from '@/lib/topology/workloads';
import { sh } from './shell';

/** The controller's workload, its control plane where that is apart. */
export function controllerWorkload(read: Reader, controller: Controller): Workload | undefined {
  const { workload, namespace } = controller;
  return workload ? planeWorkload(read, { ...workload, namespace }) : undefined;
}

/** The controller as the subject of a finding. */
export function controllerRef(read: Reader, controller: Controller): Ref {
  return workloadRef(
    read,
    controller.namespace,
    controller.workload ?? { kind: 'Deployment', name: controller.name },
  );
}

/** Its pods, as far as they can be seen. */
export function controllerPods(read: Reader, controller: Controller): readonly Pod[] {
  const workload = controllerWorkload(read, controller);
  if (!workload) return [];
  return members(read, 'pods-of-namespace', workload.namespace).flatMap((key) => {
    const pod = object(read, 'pods', key);
    return pod && matchesSelector(workload.selector, pod.labels) ? pod : [];
  });
}

/** Its command line; null where there is no workload. */
export function controllerArguments(read: Reader, controller: Controller) {
  const workload = controllerWorkload(read, controller);
  return workload ? (controllerContainer(workload)?.args ?? null) : null;
}

/** `deployment/NAME`, as kubectl takes it. */
export function controllerTarget(controller: Controller): string {
  return `${(controller.workload?.kind ?? 'Deployment').toLowerCase()}/${controller.name}`;
}

/** Shows the newest lines of its log. */
export function logsCommand(controller: Controller): string {
  return sh`kubectl -n ${controller.namespace} logs ${controllerTarget(controller)} --tail=100`;
}

/** Shows its command line. */
export function argumentsCommand(controller: Controller): string {
  return sh`kubectl -n ${controller.namespace} get ${controllerTarget(controller)} -o jsonpath='{.spec.template.spec.containers[*].args}'`;
}

/** Whether a ConfigMap that is read by name is there. */
export function configMapState(read: Reader, key: string): 'present' | 'missing' | 'unknown' {
  if (object(read, 'configmaps', key)) return 'present';
  return configMapFact(read, key)?.state === 'missing' ? 'missing' : 'unknown';
}
