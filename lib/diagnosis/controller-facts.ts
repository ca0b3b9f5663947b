/** What checks of a controller's configuration look at: its workload, container, flags, and its ConfigMap. */
import { type Arguments, readArguments, readText } from '@/lib/controllers/arguments';
import type { RecognisedWorkload } from '@/lib/controllers/types';
import type { Labels, Workload, WorkloadContainer } from '@/lib/kube/objects';
import { type Ref, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { planeWorkload } from '@/lib/topology/exposure';
import { known, object } from '@/lib/topology/reads';
import { workloadRef } from '@/lib/topology/workloads';
import { sh } from './shell';

export interface ControllerFacts {
  readonly controller: Controller;
  readonly recognised: RecognisedWorkload;
  readonly workload: Workload;
  /** The one that makes it a controller. */
  readonly container: WorkloadContainer;
  readonly args: Arguments;
  readonly ref: Ref;
  /** The command that shows the workload. */
  readonly look: string;
}

/** Facts of a controller that runs in the cluster; null for others, for what is switched off, and for a mere guess. */
export function controllerFacts(read: Reader, controller: Controller | undefined): ControllerFacts | null {
  const { recognised, workload: name } = controller ?? {};
  if (!controller || !recognised || !name || recognised.confidence === 'guess') return null;
  const workload = planeWorkload(read, { ...name, namespace: controller.namespace });
  const container = workload?.containers.find(({ image }) => image === recognised.image);
  if (!workload || !container || workload.replicas === 0) return null;
  return {
    controller,
    recognised,
    workload,
    container,
    args: readArguments(workload, container),
    ref: workloadRef(read, controller.namespace, name),
    look: showWorkload(workload),
  };
}

/** The command that shows a workload. */
export function showWorkload({ namespace, kind, name }: Workload): string {
  return sh`kubectl -n ${namespace} get ${kind.toLowerCase()} ${name} -o yaml`;
}

export interface Settings {
  readonly data: Labels;
  /** Null: the controller is told of no ConfigMap. */
  readonly ref: Ref | null;
}

/**
 * The ConfigMap that a flag (`--configmap`, `--tcp-services-configmap`) of ingress-nginx names; null when it cannot be read.
 * ingress-nginx goes on with its defaults where there is none (store.go, v1.15.1).
 */
export function settingsOf(read: Reader, { args, workload }: ControllerFacts, flag: string): Settings | null {
  const reading = readText(args, flag);
  if (reading.state === 'unreadable') return null;
  if (reading.state === 'absent' || reading.value === '') return { data: {}, ref: null };
  const key = reading.value.includes('/') ? reading.value : `${workload.namespace}/${reading.value}`;
  const { namespace, name } = splitKey(key);
  const map = object(read, 'configmaps', key);
  if (map) return { data: map.data, ref: refOf('configmaps', namespace, name, map.uid) };
  return known(read, 'configmaps').known ? { data: {}, ref: refOf('configmaps', namespace, name) } : null;
}
