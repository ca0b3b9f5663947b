import { answers as answersOf } from '@/lib/controllers/registry';
import type { Answers } from '@/lib/controllers/types';
import type { Reader } from '@/lib/state/query-engine';
import { annotatedController, type Controller, controllerById } from '@/lib/topology/controllers';
import { CLASS_ANNOTATION } from '@/lib/topology/entries';
import { object } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';

/** The controller whose answers a user gets from an Ingress (key `NS/NAME`): the first that serves it, else the first that may. */
export function leadController(read: Reader, key: string): Controller | undefined {
  const { controllers, maybe } = read.query(serving, key);
  const lead = controllers[0] ?? maybe[0];
  if (lead === undefined) return undefined;
  const annotation = object(read, 'ingresses', key)?.annotations[CLASS_ANNOTATION] ?? '';
  return controllerById(read, lead) ?? annotatedController(annotation) ?? undefined;
}

/** What that controller answers; null when nobody serves the Ingress. */
export function leadAnswers(controller: Controller | undefined): Answers | null {
  return controller ? answersOf(controller.type, controller.recognised ?? undefined) : null;
}
