import { externalController, recogniseWorkload } from '@/lib/controllers/registry';
import type { ControllerType, RecognisedWorkload } from '@/lib/controllers/types';
import type { Workload } from '@/lib/kube/objects';
import type { Query, Reader } from '@/lib/state/cells';
import { classControllerId, externalControllerId, workloadControllerId } from './ids';
import { members, object } from './reads';
import { type WorkloadName, workloadMember } from './workloads';

/** A controller that may serve Ingresses: a workload of the cluster, something outside it, or a class nobody claims. */
export interface Controller {
  readonly id: string;
  readonly kind: 'workload' | 'external' | 'class';
  readonly type: ControllerType;
  readonly namespace: string;
  readonly name: string;
  /** What the workload's template tells; null where there is none. */
  readonly recognised: RecognisedWorkload | null;
  readonly workload: WorkloadName | null;
  /** The workloads that carry its traffic: itself, or a separate data plane (Contour's Envoy). */
  readonly dataPlane: readonly (WorkloadName & { readonly namespace: string })[];
  /** IngressClasses whose spec.controller it claims. */
  readonly classes: readonly string[];
}

interface Found {
  readonly workload: Workload;
  readonly recognised: RecognisedWorkload;
}

/** All workloads that look like part of an ingress controller, data planes included. */
export const recognisedWorkloads: Query<readonly RecognisedWorkload[]> = {
  name: 'recognised-workloads',
  level: 1,
  compute: (read) =>
    members(read, 'controller-workloads', '').flatMap((member) => {
      const workload = workloadMember(read, member);
      return (workload && recogniseWorkload(workload)) ?? [];
    }),
};

/** Every controller known, sorted by id: workloads recognised by image, arguments and labels, then classes without one. */
export const controllers: Query<readonly Controller[]> = {
  name: 'controllers',
  level: 1,
  compute: (read) => {
    const found = members(read, 'controller-workloads', '').flatMap((member): Found[] => {
      const workload = workloadMember(read, member);
      const recognised = workload ? recogniseWorkload(workload) : null;
      return workload && recognised ? [{ workload, recognised }] : [];
    });
    const running = found
      .filter((f) => f.recognised.role !== 'data' || !hasControl(found, f))
      .map((f) => ofWorkload(read, f, found));
    const claimed = new Set(running.flatMap((controller) => controller.classes));
    return [...running, ...unclaimed(read, claimed)].sort((a, b) => (a.id < b.id ? -1 : 1));
  },
};

function hasControl(found: readonly Found[], data: Found): boolean {
  return found.some((f) => f.recognised.role === 'control' && f.recognised.type === data.recognised.type);
}

function ofWorkload(read: Reader, { workload, recognised }: Found, found: readonly Found[]): Controller {
  const data =
    recognised.role === 'control'
      ? found.filter((f) => f.recognised.role === 'data' && f.recognised.type === recognised.type)
      : [];
  const near = data.filter((f) => f.workload.namespace === workload.namespace);
  const planes = recognised.role === 'control' ? (near.length > 0 ? near : data) : [{ workload }];
  return {
    id: workloadControllerId(workload.kind, workload.namespace, workload.name),
    kind: 'workload',
    type: recognised.type,
    namespace: workload.namespace,
    name: workload.name,
    recognised,
    workload: { kind: workload.kind, name: workload.name },
    dataPlane: planes.map((f) => ({
      kind: f.workload.kind,
      name: f.workload.name,
      namespace: f.workload.namespace,
    })),
    classes: claimedClasses(read, recognised),
  };
}

function claimedClasses(read: Reader, recognised: RecognisedWorkload): readonly string[] {
  return members(read, 'classes-all', '').flatMap((key) => {
    const ingressClass = object(read, 'ingressclasses', key);
    if (!ingressClass) return [];
    const byName = recognised.classByName && ingressClass.name === recognised.ingressClass;
    return byName || recognised.controllerValues.includes(ingressClass.controller) ? [ingressClass.name] : [];
  });
}

function unclaimed(read: Reader, claimed: ReadonlySet<string>): readonly Controller[] {
  return members(read, 'classes-all', '').flatMap((key) => {
    const ingressClass = object(read, 'ingressclasses', key);
    return ingressClass && !claimed.has(ingressClass.name)
      ? [ofClass(ingressClass.name, ingressClass.controller)]
      : [];
  });
}

/** The controller that a class stands for when no workload of the cluster claims it. */
function ofClass(name: string, value: string): Controller {
  const outside = externalController(value, null);
  return {
    id: outside ? externalControllerId(value, name) : classControllerId(name),
    kind: outside ? 'external' : 'class',
    type: outside?.type ?? 'unknown',
    namespace: '',
    name: outside?.name ?? value,
    recognised: null,
    workload: null,
    dataPlane: [],
    classes: [name],
  };
}

/** A controller known only by a legacy annotation value (`gce`); null when the value names no such thing. */
export function annotatedController(annotation: string): Controller | null {
  const outside = externalController('', annotation);
  if (!outside) return null;
  const base = ofClass(annotation, '');
  return {
    ...base,
    id: externalControllerId(annotation, annotation),
    kind: 'external',
    type: outside.type,
    name: outside.name,
  };
}

/** A controller by id. */
export function controllerById(read: Reader, id: string): Controller | undefined {
  return read.query(controllers, '').find((controller) => controller.id === id);
}
