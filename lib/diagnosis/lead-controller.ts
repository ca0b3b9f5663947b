import { answers as answersOf } from '@/lib/controllers/registry';
import type { Answers } from '@/lib/controllers/types';
import type { Reader } from '@/lib/state/cells';
import { annotatedController, type Controller, controllerById } from '@/lib/topology/controllers';
import { CLASS_ANNOTATION } from '@/lib/topology/entries';
import { object } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';

/** A controller that serves an Ingress (key `NS/NAME`), by id; one outside the cluster may be named by the Ingress alone. */
export function servingController(read: Reader, key: string, id: string): Controller | undefined {
  const known = controllerById(read, id);
  if (known) return known;
  const annotation = object(read, 'ingresses', key)?.annotations[CLASS_ANNOTATION] ?? '';
  return annotatedController(annotation) ?? annotatedController('gce') ?? undefined;
}

/** The controller whose answers a user gets from an Ingress: the first that serves it, else the first that may. */
export function leadController(read: Reader, key: string): Controller | undefined {
  const { controllers, maybe } = read.query(serving, key);
  const lead = controllers[0] ?? maybe[0];
  return lead === undefined ? undefined : servingController(read, key, lead);
}

/** What that controller answers; null when nobody serves the Ingress. */
export function leadAnswers(controller: Controller | undefined): Answers | null {
  return controller ? answersOf(controller.type, controller.recognised ?? undefined) : null;
}
