import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { controllerHealth } from '@/lib/diagnosis/controller-health';
import { argumentsCommand, controllerRef } from '@/lib/diagnosis/controller-parts';
import { CLOUD_HOLD_MS, draft, evidence } from '@/lib/diagnosis/draft';
import { overlap } from '@/lib/diagnosis/watch-overlap';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { type Controller, controllers } from '@/lib/topology/controllers';
import { exposure } from '@/lib/topology/exposure';
import { known } from '@/lib/topology/reads';

/**
 * `controller-same-class-twice`: two workloads of one product claim one class, see the same namespaces and stand behind
 * different Services. Both write the status of the same Ingresses.
 */
export function sameClassTwice(read: Reader, { id, controller }: ControllerUnit): readonly Found[] {
  // Told once for a pair: at the one whose id comes later.
  const other = read
    .query(controllers, '')
    .find((entry) => entry.id < id && areTwins(read, entry, controller));
  if (!other) return [];
  const shared = controller.classes.filter((name) => other.classes.includes(name));
  const subject = controllerRef(read, controller);
  const otherRef = controllerRef(read, other);
  const found = draft({
    code: 'controller-same-class-twice',
    severity: 'degraded',
    hop: 'controller',
    subject,
    related: [otherRef, ...shared.map((name) => refOf('ingressclasses', '', name))],
    title: `Two controllers serve class ${shared[0] ?? ''}: ${other.namespace}/${other.name} and ${controller.namespace}/${controller.name}`,
    detail: `both claim ${controller.recognised?.controllerValues[0] ?? 'the class'} and see the same Ingresses: each writes its own address into their status, and DNS follows whoever wrote last`,
    evidence: [subject, otherRef].map((ref) =>
      evidence(ref, 'args[controller class]', controller.recognised?.controllerValues.join(', ') ?? ''),
    ),
    fix: {
      summary: 'Give each a controller value and an IngressClass of its own, or switch one off.',
      look: [argumentsCommand(controller), argumentsCommand(other), 'kubectl get ingressclass'],
    },
    // Blue and green of an upgrade may stand side by side for a while.
    holdMs: CLOUD_HOLD_MS,
  });
  return [{ draft: found }];
}

function areTwins(read: Reader, a: Controller, b: Controller): boolean {
  if (!a.recognised || !b.recognised || a.type !== b.type || a.type === 'unknown') return false;
  const [one, other] = [a.recognised, b.recognised];
  if ([one, other].some(({ role, predatesV1 }) => role === 'data' || predatesV1)) return false;
  if (!a.classes.some((name) => b.classes.includes(name))) return false;
  if (!overlap(a.recognised, b.recognised)) return false;
  if ([a, b].some(({ id }) => read.query(controllerHealth, id).idle)) return false;
  // Without Services nobody can tell two installations from two colours of one.
  if (!known(read, 'services').known) return false;
  const services = read.query(exposure, a.id).services;
  const common = read.query(exposure, b.id).services.some((key) => services.includes(key));
  const published = a.recognised.publishService;
  return !common && (published === null || published !== b.recognised.publishService);
}
