/** Every ingress controller that we know, and what to ask of one. */
import type { Workload } from '@/lib/kube/objects';
import { byController, classAnnotation, no, unknown } from './acceptance';
import { agic } from './agic';
import { awsAlb } from './aws-alb';
import { cilium } from './cilium';
import { contour } from './contour';
import { EXTERNAL_CONTROLLERS, type ExternalController } from './external';
import { f5Nginx } from './f5-nginx';
import { gce } from './gce';
import { haproxyIngress } from './haproxy-ingress';
import { haproxytech } from './haproxytech';
import { ingressNginx } from './ingress-nginx';
import { istio } from './istio';
import { kong } from './kong';
import { traefik } from './traefik';
import type {
  Acceptance,
  AcceptanceQuery,
  Answers,
  Confidence,
  Controller,
  ControllerType,
  RecognisedWorkload,
} from './types';

const unknownController: Controller = {
  type: 'unknown',
  title: 'Unknown controller',
  note: 'Not a controller that this dashboard knows.\nWhat it picks up and answers cannot be told.',
  answers: () => ({
    serviceMissing: null,
    noEndpoints: null,
    portMissing: null,
    noRoute: null,
    tlsFallback: 'unknown',
    endpointsUse: 'ready',
    portByTargetPort: false,
    autoRedirect: null,
    dropsRoute: false,
  }),
  recognise: () => null,
  accept: ({ instance, ingress, ingressClass }) =>
    ingress.className === null || classAnnotation(ingress) !== null
      ? unknown('how this controller chooses its Ingresses is not known')
      : byController(ingress, ingressClass, instance.controllerValues),
};

/** In the order in which equally sure recognitions win. */
export const CONTROLLERS: readonly Controller[] = [
  ingressNginx,
  f5Nginx,
  traefik,
  haproxytech,
  haproxyIngress,
  contour,
  istio,
  kong,
  cilium,
  awsAlb,
  agic,
  gce,
  unknownController,
];

const BY_TYPE = new Map<ControllerType, Controller>(
  CONTROLLERS.map((controller) => [controller.type, controller]),
);

function controllerOf(type: ControllerType): Controller {
  return BY_TYPE.get(type) ?? unknownController;
}

function textsOf(field: 'title' | 'note'): Readonly<Record<ControllerType, string>> {
  return Object.fromEntries(CONTROLLERS.map((controller) => [controller.type, controller[field]])) as Record<
    ControllerType,
    string
  >;
}

/** Display names. */
export const CONTROLLER_TITLES = textsOf('title');

/** What everybody should know about a controller, in two lines. */
export const CONTROLLER_NOTES = textsOf('note');

const RANK: Record<Confidence, number> = { certain: 2, likely: 1, guess: 0 };

/** Workloads are immutable and asked about by several queries: the answer, and its reference, stay the same. */
const recognisedBefore = new WeakMap<Workload, RecognisedWorkload | null>();

function strongest(workload: Workload): RecognisedWorkload | null {
  let best: RecognisedWorkload | null = null;
  for (const { recognise } of CONTROLLERS) {
    const found = recognise(workload);
    if (found && (!best || RANK[found.confidence] > RANK[best.confidence])) best = found;
  }
  return best;
}

/** Recognises a controller by its image, command line and labels; `null` for anything else. */
export function recogniseWorkload(workload: Workload): RecognisedWorkload | null {
  const before = recognisedBefore.get(workload);
  if (before !== undefined) return before;
  const found = strongest(workload);
  recognisedBefore.set(workload, found);
  return found;
}

/** Whether a controller serves an Ingress; `ingressClass` is what `spec.ingressClassName` names. */
export function acceptance(query: AcceptanceQuery): Acceptance {
  const { instance } = query;
  if (instance.role === 'data') return byControlPlanes(query);
  if (instance.servesIngress === false) return no('its support for Ingresses is switched off');
  const verdict = controllerOf(instance.type).accept(query);
  const sure = instance.confidence !== 'guess' || instance.evidence.some((line) => line.startsWith('image '));
  if (verdict.accepts !== 'yes' || sure) return verdict;
  return unknown(
    `whether ${instance.namespace}/${instance.name} is a controller is a guess from its ${instance.evidence.join(', ')}`,
  );
}

/** A data plane serves what its control plane takes: the one in its namespace, else any of its type. */
function byControlPlanes(query: AcceptanceQuery): Acceptance {
  const { instance, context } = query;
  const candidates = context.workloads.filter(({ type, role }) => type === instance.type && role !== 'data');
  const near = candidates.filter((candidate) => candidate.namespace === instance.namespace);
  const planes = near.length > 0 ? near : candidates;
  const judged = planes.map((plane) => acceptance({ ...query, instance: plane }));
  return (
    judged.find(({ accepts }) => accepts === 'yes') ??
    judged.find(({ accepts }) => accepts === 'unknown') ??
    judged[0] ??
    unknown(`the control plane of ${instance.namespace}/${instance.name} was not found`)
  );
}

/** What a client gets from a controller of this type (SEMANTICS 2.0); the instance's own flags sharpen it. */
export function answers(type: ControllerType, instance?: RecognisedWorkload): Answers {
  return controllerOf(type).answers(instance);
}

function claims(own: string, value: string): boolean {
  return own.endsWith('/') ? value.startsWith(own) : value === own;
}

/** The controller outside the cluster that a `spec.controller` names, else (with an empty value) the legacy class annotation. */
export function externalController(value: string, annotation: string | null): ExternalController | null {
  const row = EXTERNAL_CONTROLLERS.find(({ values, annotations }) =>
    value === ''
      ? annotation !== null && annotations.includes(annotation)
      : values.some((own) => claims(own, value)),
  );
  return row ? { type: row.type, name: row.name } : null;
}
