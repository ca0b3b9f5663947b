/** Selectors that choose more than they should, or the same as another Service's. */
import type { Check, Found, ServiceUnit } from '@/lib/diagnosis/check';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { groupByWorkload, type PodGroup } from '@/lib/diagnosis/pods-of-workload';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import type { Pod, Service } from '@/lib/kube/objects';
import { liveRules } from '@/lib/topology/hosts';
import { selectorKeys } from '@/lib/topology/indexes';
import { members, object } from '@/lib/topology/reads';
import { areSiblings } from '@/lib/topology/workloads';
import { harmed, podEndpoints, podsBehind, usedPorts } from './service-unit';

/** Whether a pod says that it listens on a port; null where it says nothing of ports. */
export function declares(pod: Pod, port: number): boolean | null {
  let says: boolean | null = null;
  for (const { ports } of pod.containers)
    for (const entry of ports) {
      if (entry.port === port) return true;
      says = false;
    }
  return says;
}

/**
 * `service-selector-too-broad`: pods of several workloads stand behind a port, and those of some declare other ports only.
 * What pods declare is information (Container v1, ports), so it is no more than a warning.
 */
export const selectorTooBroad: Check<ServiceUnit> = {
  name: 'service-selector-too-broad',
  run: (read, unit) => {
    const [first, ...others] = podsBehind(read, unit);
    // Nearly always one workload stands behind it.
    if (first === undefined || others.every((pod) => areSiblings(pod, first))) return [];
    const alive = podEndpoints(read, unit).filter(({ endpoint }) => endpoint.ready && !endpoint.terminating);
    const groups = groupByWorkload(
      read,
      alive.map(({ pod }) => pod),
    );
    if (groups.length < 2) return [];
    return usedPorts(unit).flatMap((port): readonly Found[] => {
      const target = port.targetPort;
      if (typeof target !== 'number') return [];
      const says = (wanted: boolean) =>
        groups.filter(({ pods }) => pods.every((pod) => declares(pod, target) === wanted));
      const strangers = says(false);
      return strangers.length > 0 && says(true).length > 0
        ? [{ draft: tooBroad(unit, target, strangers, says(true)) }]
        : [];
    });
  },
};

function names(groups: readonly PodGroup[]): string {
  return groups
    .slice(0, 3)
    .map(({ who }) => who)
    .join(', ');
}

function tooBroad(
  unit: ServiceUnit,
  target: number,
  strangers: readonly PodGroup[],
  own: readonly PodGroup[],
) {
  const { service } = unit;
  const ref = serviceRef(service);
  return draft({
    code: 'service-selector-too-broad',
    severity: 'warning',
    hop: 'service',
    subject: ref,
    discriminator: String(target),
    affects: harmed(unit),
    related: strangers.slice(0, 50).map(({ subject }) => subject),
    title: `Service ${service.name} selects pods of ${names(strangers)} too`,
    detail: `Service ${service.name} sends requests to port ${target} of ${names(own)} and of ${names(strangers)}, whose pods declare other ports only`,
    evidence: [evidence(ref, 'spec.selector', service.selector)],
    fix: {
      summary: 'Add a label to the selector that only the right pods carry.',
      look: [
        sh`kubectl -n ${service.namespace} get pods --show-labels`,
        sh`kubectl -n ${service.namespace} get endpointslices -l kubernetes.io/service-name=${service.name}`,
      ],
      managedBy: managedBy(service),
    },
    holdMs: OBJECT_HOLD_MS,
  });
}

/** Rollouts set the selectors of their two Services themselves, and at rest they are equal. */
function isOfRollout({ annotations, labels, selector }: Service): boolean {
  return (
    annotations['argo-rollouts.argoproj.io/managed-by-rollouts'] !== undefined ||
    Object.keys(selector ?? {}).some((key) => key === 'rollouts-pod-template-hash') ||
    labels['app.kubernetes.io/managed-by'] === 'flagger'
  );
}

/** `service-duplicate-selector`: two Services behind live rules choose the same pods at the same ports. */
export const duplicateSelector: Check<ServiceUnit> = {
  name: 'service-duplicate-selector',
  run: (read, unit) => {
    const { key, service, live } = unit;
    if (live.length === 0 || isOfRollout(service)) return [];
    const [selector] = selectorKeys(service);
    if (selector === undefined) return [];
    // Each pair is told once, at the Service that comes first.
    const later = members(read, 'services-by-selector', selector).filter((other) => other > key);
    if (later.length === 0) return [];
    const own = new Set(usedPorts(unit).map((port) => String(port.targetPort)));
    const twins = later.flatMap((other): readonly Service[] => {
      const twin = object(read, 'services', other);
      const rules = twin ? read.query(liveRules, other) : [];
      if (!twin || rules.length === 0 || isOfRollout(twin)) return [];
      const ports = usedPorts({ key: other, service: twin, live: rules, direct: false });
      return ports.some((port) => own.has(String(port.targetPort))) ? [twin] : [];
    });
    return twins.length === 0 ? [] : [{ draft: duplicate(service, twins) }];
  },
};

function duplicate(service: Service, twins: readonly Service[]) {
  const ref = serviceRef(service);
  const others = twins
    .slice(0, 3)
    .map(({ name }) => name)
    .join(', ');
  return draft({
    code: 'service-duplicate-selector',
    severity: 'info',
    impact: 'risk',
    hop: 'service',
    subject: ref,
    related: twins.slice(0, 50).map(serviceRef),
    title: `Services ${service.name} and ${others} lead to the same pods`,
    detail: `Services ${service.name} and ${others} have one selector and one target port, and live rules lead to each: what is changed for one holds for all`,
    evidence: [evidence(ref, 'spec.selector', service.selector)],
    fix: {
      summary: 'Nothing to mend if that is meant.',
      look: [sh`kubectl -n ${service.namespace} get services -o wide`],
      managedBy: managedBy(service),
    },
  });
}
