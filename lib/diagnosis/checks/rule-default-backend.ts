/** Catch-all backends: too many of them. */
import type { Found, HostUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import type { Ingress } from '@/lib/kube/objects';
import { dialectOf } from '@/lib/routing/dialect';
import { type RoutedRule, winnerOfTwins } from '@/lib/routing/order';
import type { Reader } from '@/lib/state/cells';
import { type Controller, controllerById } from '@/lib/topology/controllers';
import { object } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';
import { backendWords, ingressRef, listed, lookAt } from './ingress-parts';

/** Ingresses that are a default backend and nothing else, by the controller that serves them (and the ALB group). */
function catchAlls(read: Reader, { rules }: HostUnit): ReadonlyMap<string, readonly Ingress[]> {
  const found = new Map<string, Ingress[]>();
  for (const { ingress: key, rule } of rules) {
    const ingress = object(read, 'ingresses', key);
    if (!rule.isDefault || !ingress || ingress.rules.length > 0 || ingress.deleting !== null) continue;
    for (const id of read.query(serving, key).controllers) {
      const type = controllerById(read, id)?.type;
      const group = ingress.annotations['alb.ingress.kubernetes.io/group.name'];
      // Each Ingress of its own load balancer has a default backend of its own.
      if (type === undefined || type === 'gce' || (type === 'aws-alb' && group === undefined)) continue;
      const place = type === 'aws-alb' ? `${id} ${group}` : id;
      found.set(place, [...(found.get(place) ?? []), ingress]);
    }
  }
  return found;
}

function routed({ namespace, name, uid, created, annotations }: Ingress): RoutedRule {
  const place = { host: '', path: '', pathType: '', block: 0, position: 0 };
  return { namespace, name, uid, created, annotations, ...place };
}

/** `rule-default-backend-multiple`: one finding for each controller (or ALB group) with several. */
export function severalDefaults(read: Reader, unit: HostUnit): readonly Found[] {
  if (unit.host !== '') return [];
  return [...catchAlls(read, unit)].flatMap(([place, all]) => {
    if (new Set(all.map(({ defaultBackend }) => JSON.stringify(defaultBackend))).size < 2) return [];
    const controller = controllerById(read, place.split(' ')[0] ?? '');
    return controller ? [severalFound(controller, all)] : [];
  });
}

function severalFound(controller: Controller, all: readonly Ingress[]): Found {
  const dialect = dialectOf(controller.type);
  const sorted = [...all].sort((a, b) => {
    const order = winnerOfTwins(routed(a), routed(b), dialect);
    return order === 'first' ? -1 : order === 'second' ? 1 : keyOf(a) < keyOf(b) ? -1 : 1;
  });
  const [first, second] = sorted as [Ingress, Ingress];
  const decided =
    controller.type === 'ingress-nginx' && winnerOfTwins(routed(first), routed(second), dialect) === 'first';
  const outcome =
    controller.type === 'aws-alb'
      ? 'the load balancer controller refuses the whole group'
      : decided
        ? `ingress-nginx takes the oldest, ${keyOf(first)}`
        : 'which one answers is not defined';
  return {
    draft: draft({
      code: 'rule-default-backend-multiple',
      severity: 'warning',
      hop: 'rule',
      subject: ingressRef(first),
      related: sorted.slice(1, 50).map(ingressRef),
      title: `${all.length} Ingresses want to be the default backend of ${controller.name}`,
      detail: `${listed(sorted.map(keyOf))} have a defaultBackend and no rules: ${outcome}`,
      evidence: sorted
        .slice(0, 5)
        .map((ingress) =>
          evidence(ingressRef(ingress), 'spec.defaultBackend', backendWords(ingress.defaultBackend)),
        ),
      fix: {
        summary: decided ? `Keep ${keyOf(first)}, and take the others away.` : 'Keep one of them.',
        look: sorted.slice(0, 3).map(lookAt),
        managedBy: managedBy(first),
      },
    }),
  };
}

const keyOf = ({ namespace, name }: Ingress): string => `${namespace}/${name}`;
