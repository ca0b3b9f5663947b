import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { editDistance } from '@/lib/diagnosis/edit-distance';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { type PortContext, serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import type { Labels, Workload } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { workloadResource, workloadsOfNamespace } from '@/lib/topology/workloads';

/** `service-selector-no-match`: the selector matches no pod in any phase and no workload's template; shows the nearest one. */
export function selectorNoMatch(read: Reader, { service }: PortContext): Draft {
  const selector = service.selector ?? {};
  const near = nearestWorkload(selector, workloadsOfNamespace(read, service.namespace));
  const words = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const ref = serviceRef(service);
  const difference = near ? labelDifference(selector, near.templateLabels) : '';
  const nearRef = near ? refOf(workloadResource(near), near.namespace, near.name, near.uid) : null;
  return draft({
    code: 'service-selector-no-match',
    severity: 'broken',
    hop: 'service',
    subject: ref,
    title: `Service ${service.name} selects no pod`,
    detail: near
      ? `selector ${words} matches no pod; nearest: ${near.kind} ${near.name}, but ${difference}`
      : `selector ${words} matches no pod in ${service.namespace}`,
    evidence: [
      evidence(ref, 'spec.selector', words),
      ...(near ? [evidence(nearRef, 'spec.template.metadata.labels', near.templateLabels)] : []),
    ],
    related: nearRef ? [nearRef] : [],
    fix: {
      summary: near
        ? `Make the selector and the labels of ${near.name} agree.`
        : 'Create pods with these labels, or correct the selector.',
      look: [sh`kubectl -n ${service.namespace} get pods --show-labels`],
      change: near ? [patchCommand(service.namespace, service.name, selector, near.templateLabels)] : [],
      managedBy: managedBy(service),
    },
  });
}

function patchCommand(namespace: string, name: string, selector: Labels, labels: Labels): string {
  const patch: Record<string, string | null> = {};
  for (const key of Object.keys(selector)) patch[key] = labels[key] ?? null;
  return sh`kubectl -n ${namespace} patch service ${name} -p ${JSON.stringify({ spec: { selector: patch } })}`;
}

/** The workload whose template labels differ least from the selector; null where nothing is alike. */
function nearestWorkload(selector: Labels, workloads: readonly Workload[]): Workload | null {
  let best: { workload: Workload; cost: number } | null = null;
  for (const workload of workloads) {
    const cost = labelCost(selector, workload.templateLabels);
    if (cost !== null && (best === null || cost < best.cost)) best = { workload, cost };
  }
  return best?.workload ?? null;
}

function labelCost(selector: Labels, labels: Labels): number | null {
  let cost = 0;
  let shared = 0;
  for (const [key, value] of Object.entries(selector)) {
    const actual = labels[key];
    if (actual === value) shared++;
    const distance = actual === undefined ? value.length : editDistance(value, actual);
    cost += distance;
    if (actual !== undefined && distance <= Math.max(2, value.length / 3)) shared++;
  }
  return shared > 0 ? cost : null;
}

function labelDifference(selector: Labels, labels: Labels): string {
  return Object.entries(selector)
    .filter(([key, value]) => labels[key] !== value)
    .map(([key, value]) =>
      labels[key] === undefined ? `it has no label ${key}` : `it has ${key}=${labels[key]}, not ${value}`,
    )
    .join('; ');
}
