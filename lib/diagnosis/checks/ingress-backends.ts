/** What the checks of an Ingress' backends share. */

import { type Arguments, readArguments } from '@/lib/controllers/arguments';
import { canaryOf, canaryStatus, ofCanary } from '@/lib/diagnosis/canary';
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { leadAnswers } from '@/lib/diagnosis/lead-controller';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import type { Service } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { object } from '@/lib/topology/reads';
import type { Rule } from '@/lib/topology/rules';
import { watchedWorkload } from '@/lib/topology/workloads';

/** A Service with the rules of one Ingress that lead to it. */
export interface BackendUse {
  readonly key: string;
  readonly service: Service;
  readonly rules: readonly Rule[];
}

/** Several checks of one unit ask for the same: it is gathered once for a computation. */
const gathered = new WeakMap<IngressUnit, readonly BackendUse[]>();

/** The Services of an Ingress that exist; none where no controller serves it for certain. */
export function backendUses(read: Reader, unit: IngressUnit): readonly BackendUse[] {
  if (unit.served.controllers.length === 0) return [];
  const before = gathered.get(unit);
  if (before) return before;
  const found = gather(read, unit);
  gathered.set(unit, found);
  return found;
}

function gather(read: Reader, { rules }: IngressUnit): readonly BackendUse[] {
  const byKey = new Map<string, Rule[]>();
  // `use-annotation` names an action of an ALB, no Service.
  for (const rule of rules)
    if (rule.service !== null && rule.port !== 'use-annotation')
      byKey.set(rule.service, [...(byKey.get(rule.service) ?? []), rule]);
  return [...byKey].flatMap(([key, own]) => {
    const service = object(read, 'services', key);
    return service ? [{ key, service, rules: own }] : [];
  });
}

/** What harms a canary alone costs a share of the traffic, no site (TRUTH "Empty endpoints"). */
export function asShare(read: Reader, { key }: IngressUnit, found: readonly Found[]): readonly Found[] {
  if (found.length === 0) return found;
  const words = canaryOf(read, key);
  if (words === null) return found;
  return found.map((entry) => ({
    ...entry,
    draft: ofCanary(entry.draft, '', words),
    ...(entry.status ? { status: canaryStatus(entry.status) } : {}),
  }));
}

/** Ids of rules, as a check's finding names them. */
export function idsOf(rules: readonly Rule[]): readonly string[] {
  return rules.map((rule) => rule.id);
}

/** The title of a backend that does not work: what a user gets, where it is known what the controller answers. */
export function brokenTitle(
  controller: Controller | undefined,
  rules: readonly Rule[],
  otherwise: string,
): string {
  const answer = leadAnswers(controller)?.noEndpoints ?? 'no answer';
  return symptomTitle(rules, answer, otherwise);
}

/** A controller's command line; null where it has no workload, or not all of its flags can be read. */
export function argumentsOf(read: Reader, { recognised, workload, namespace }: Controller): Arguments | null {
  if (!recognised || !workload || recognised.unreadable.length > 0) return null;
  const found = watchedWorkload(read, namespace, workload);
  const container = found?.containers.find(({ image }) => image === recognised.image);
  return found && container ? readArguments(found, container) : null;
}
