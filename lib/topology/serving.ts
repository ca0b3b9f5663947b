import { acceptance } from '@/lib/controllers/registry';
import type { AcceptanceContext } from '@/lib/controllers/types';
import type { Ingress, IngressClass } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import type { Query, Reader } from '@/lib/state/cells';
import { annotatedController, type Controller, controllers, recognisedWorkloads } from './controllers';
import { CLASS_ANNOTATION, classNameOf } from './entries';
import { config, known, members, object } from './reads';

/** Why nobody serves an Ingress. */
export type NotServed =
  | 'class-missing'
  | 'class-unset'
  | 'class-no-controller'
  | 'controller-missing'
  | 'controller-too-old'
  | 'not-accepted'
  | 'unknown';

export interface Serving {
  /** Controllers that serve it for certain. */
  readonly controllers: readonly string[];
  /** Controllers of which we cannot tell. */
  readonly maybe: readonly string[];
  readonly className: string | null;
  readonly problem: NotServed | null;
  readonly reason: string;
}

const acceptanceContext: Query<AcceptanceContext> = {
  name: 'acceptance-context',
  level: 2,
  compute: (read) => ({
    classes: known(read, 'ingressclasses').known
      ? members(read, 'classes-all', '').flatMap((key) => object(read, 'ingressclasses', key) ?? [])
      : null,
    workloads: read.query(recognisedWorkloads, ''),
  }),
};

/** Which controllers serve an Ingress (key `NS/NAME`), by each one's own selection logic. */
export const serving: Query<Serving> = {
  name: 'serving',
  level: 3,
  compute: (read, key) => {
    const ingress = object(read, 'ingresses', key);
    if (!ingress) return { controllers: [], maybe: [], className: null, problem: null, reason: '' };
    return servingOf(read, ingress);
  },
};

interface Verdicts {
  readonly yes: readonly string[];
  readonly maybe: readonly string[];
  readonly reasons: readonly string[];
  readonly tooOld: string | null;
}

function servingOf(read: Reader, ingress: Ingress): Serving {
  const className = classNameOf(ingress);
  const ingressClass = classOf(read, ingress);
  const all = read.query(controllers, '');
  const verdicts = ask(read, all, ingress, ingressClass);
  const base = { controllers: verdicts.yes, maybe: verdicts.maybe, className };
  if (verdicts.yes.length > 0) return { ...base, problem: null, reason: '' };
  const outside = outsideController(all, ingress, className);
  if (outside) return { ...base, controllers: [outside.id], problem: null, reason: '' };
  if (verdicts.maybe.length > 0) return { ...base, problem: 'unknown', reason: verdicts.reasons.join('; ') };
  return { ...base, ...whyNot(read, ingress, ingressClass, all, verdicts) };
}

/** The class object named by the field; annotations need none. */
function classOf(read: Reader, ingress: Ingress): IngressClass | 'missing' | 'unknown' | null {
  if (ingress.className === null) return null;
  const found = object(read, 'ingressclasses', objectKey('', ingress.className));
  if (found) return found;
  return known(read, 'ingressclasses').known ? 'missing' : 'unknown';
}

function ask(
  read: Reader,
  all: readonly Controller[],
  ingress: Ingress,
  ingressClass: IngressClass | 'missing' | 'unknown' | null,
): Verdicts {
  const namespace = object(read, 'namespaces', objectKey('', ingress.namespace)) ?? null;
  const context = read.query(acceptanceContext, '');
  const yes: string[] = [];
  const maybe: string[] = [];
  const reasons: string[] = [];
  let tooOld: string | null = null;
  for (const controller of all) {
    if (!controller.recognised) continue;
    const verdict = acceptance({
      instance: controller.recognised,
      ingress,
      ingressClass,
      namespace,
      context,
    });
    if (verdict.accepts === 'yes') yes.push(controller.id);
    else if (verdict.accepts === 'unknown') maybe.push(controller.id);
    if (verdict.accepts !== 'yes') reasons.push(verdict.reason);
    if (controller.recognised.predatesV1) tooOld = controller.id;
  }
  // Copied: `push` leaves room for 17, and one of these is kept for each Ingress.
  return { yes: yes.slice(), maybe: maybe.slice(), reasons, tooOld };
}

/** GKE takes Ingresses without class, and writes the parts of their load balancer on them (SEMANTICS 2.6). */
function markedByGke({ annotations }: Ingress): boolean {
  return ['url-map', 'forwarding-rule', 'https-forwarding-rule'].some(
    (part) => annotations[`ingress.kubernetes.io/${part}`] !== undefined,
  );
}

/** Why GKE may yet take an Ingress without class: it marks it only once its load balancer stands, and its add-on HttpLoadBalancing can be off. */
function mayBeGke(read: Reader): string | null {
  const nodes = known(read, 'nodes');
  if (!nodes.known)
    return `Nodes cannot be read (${nodes.reason}): on GKE its own controller takes Ingresses without class`;
  if (members(read, 'nodes-of-gke', '').length === 0) return null;
  return 'on GKE its own controller takes Ingresses without class, unless its add-on HttpLoadBalancing is off; it has not marked this one yet';
}

/** A controller outside the cluster, named by the class' spec.controller or by a legacy annotation. */
function outsideController(
  all: readonly Controller[],
  ingress: Ingress,
  className: string | null,
): Controller | null {
  if (className === null) return markedByGke(ingress) ? annotatedController('gce') : null;
  const annotation = ingress.annotations[CLASS_ANNOTATION];
  const byAnnotation =
    ingress.className === null && annotation !== undefined ? annotatedController(annotation) : null;
  return (
    byAnnotation ??
    all.find((controller) => controller.kind === 'external' && controller.classes.includes(className)) ??
    null
  );
}

function whyNot(
  read: Reader,
  ingress: Ingress,
  ingressClass: IngressClass | 'missing' | 'unknown' | null,
  all: readonly Controller[],
  verdicts: Verdicts,
): Pick<Serving, 'problem' | 'reason'> {
  const blind = cannotSee(read);
  const running = all.filter((controller) => controller.recognised);
  const gke = classNameOf(ingress) === null ? mayBeGke(read) : null;
  if (verdicts.tooOld && running.every((controller) => controller.recognised?.predatesV1)) {
    return { problem: 'controller-too-old', reason: verdicts.reasons[0] ?? '' };
  }
  // Some controllers take a class by its name alone, so an unseen one may serve what has no IngressClass.
  if (blind || ingressClass === 'unknown')
    return { problem: 'unknown', reason: blind ?? 'IngressClasses cannot be read' };
  if (gke !== null) return { problem: 'unknown', reason: gke };
  if (ingressClass === 'missing')
    return { problem: 'class-missing', reason: `no IngressClass is named ${ingress.className}` };
  if (running.length === 0 && !all.some((controller) => controller.kind === 'external')) {
    return { problem: 'controller-missing', reason: 'no ingress controller was found in the cluster' };
  }
  if (running.some((controller) => wouldTake(controller, ingress, ingressClass)))
    return { problem: 'not-accepted', reason: verdicts.reasons.join('; ') };
  if (ingressClass === null && classNameOf(ingress) === null) {
    return {
      problem: 'class-unset',
      reason: 'it names no class, and no controller takes class-less Ingresses',
    };
  }
  return { problem: 'class-no-controller', reason: verdicts.reasons.join('; ') };
}

/** Whether the class is a controller's own, so that something else about the Ingress keeps it away. */
function wouldTake(
  { recognised, classes }: Controller,
  ingress: Ingress,
  ingressClass: IngressClass | 'missing' | 'unknown' | null,
): boolean {
  if (ingressClass !== null) return typeof ingressClass === 'object' && classes.includes(ingressClass.name);
  const annotation = ingress.annotations[CLASS_ANNOTATION];
  if (annotation !== undefined) return annotation !== '' && recognised?.ingressClass === annotation;
  return recognised?.watchWithoutClass === true;
}

/** Why we cannot say that no controller runs; null when we can. */
function cannotSee(read: Reader): string | null {
  if (config(read).limitedView)
    return 'only some namespaces are watched; a controller may run in another one';
  for (const resource of ['deployments', 'daemonsets', 'statefulsets'] as const) {
    const seen = known(read, resource);
    if (!seen.known) return seen.reason;
  }
  return null;
}
