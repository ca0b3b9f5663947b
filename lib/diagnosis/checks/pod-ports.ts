/** Ports that are named by Services and probes, and that no container declares. */
import type { Check, Found, ServiceUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import type { Pod, Workload, WorkloadContainer } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { type WorkloadName, watchedWorkload, workloadResource } from '@/lib/topology/workloads';
import { declares } from './selector-twins';
import { podsBehind, usedPorts, workloadBehind } from './service-unit';

function workloadsOf(read: Reader, unit: ServiceUnit): readonly Workload[] {
  const found = new Set<Workload>();
  let before: WorkloadName | null = null;
  for (const pod of podsBehind(read, unit)) {
    const name = workloadBehind(read, unit, pod);
    if (name === before) continue;
    before = name;
    const workload = name && watchedWorkload(read, pod.namespace, name);
    if (workload) found.add(workload);
  }
  return [...found];
}

function isProbed(read: Reader, unit: ServiceUnit, target: number): boolean {
  return workloadsOf(read, unit).some(({ containers }) =>
    containers.some(({ readinessPort }) => readinessPort === target),
  );
}

/**
 * `pod-targetport-undeclared`: every pod declares ports, and none this numeric target port. Only a hint: what is declared is
 * information (Container v1, ports). A readiness probe that asks just this port proves that somebody listens.
 */
export const targetPortUndeclared: Check<ServiceUnit> = {
  name: 'pod-targetport-undeclared',
  run: (read, unit) => {
    if (unit.live.length === 0) return [];
    const pods = podsBehind(read, unit);
    if (pods.length === 0) return [];
    return usedPorts(unit).flatMap((port): readonly Found[] => {
      const target = port.targetPort;
      if (typeof target !== 'number' || !pods.every((pod) => declares(pod, target) === false)) return [];
      return isProbed(read, unit, target) ? [] : [{ draft: undeclared(unit, target, pods[0] as Pod) }];
    });
  },
};

function undeclared({ service }: ServiceUnit, target: number, pod: Pod) {
  const ref = serviceRef(service);
  const declared = pod.containers.flatMap((container) => container.ports.map(({ port }) => port));
  const list = [...new Set(declared)].join(', ');
  return draft({
    code: 'pod-targetport-undeclared',
    severity: 'warning',
    impact: 'risk',
    hop: 'pod',
    subject: ref,
    discriminator: String(target),
    title: `Service ${service.name} aims at port ${target}, which its pods do not declare`,
    detail: `no container behind Service ${service.name} declares port ${target}; declared are ${list}: see whether the application listens there`,
    evidence: [
      evidence(ref, 'spec.ports[].targetPort', target),
      evidence(
        refOf('pods', pod.namespace, pod.name, pod.uid),
        'spec.containers[].ports[].containerPort',
        list,
      ),
    ],
    fix: {
      summary: `See whether the application listens on ${target}; then declare it, or correct the target port.`,
      look: [
        sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`,
        sh`kubectl -n ${pod.namespace} logs ${pod.name} --tail=50`,
      ],
      managedBy: managedBy(service),
    },
  });
}

function namesNothing({ readinessPort, ports }: WorkloadContainer): boolean {
  return typeof readinessPort === 'string' && !ports.some(({ name }) => name === readinessPort);
}

/** `pod-probe-port-undeclared`: a readiness probe names a port that its container lacks: the probe fails, always (Probe v1). */
export const probePortUndeclared: Check<ServiceUnit> = {
  name: 'pod-probe-port-undeclared',
  run: (read, unit) =>
    workloadsOf(read, unit).flatMap((workload) =>
      workload.containers
        .filter(namesNothing)
        .map((container) => ({ draft: probeDraft(workload, container) })),
    ),
};

function probeDraft(workload: Workload, container: WorkloadContainer) {
  const { kind, namespace, name } = workload;
  const ref = refOf(workloadResource(workload), namespace, name, workload.uid);
  const ports = container.ports.map((port) => port.name || String(port.port)).join(', ') || 'none';
  return draft({
    code: 'pod-probe-port-undeclared',
    severity: 'warning',
    hop: 'pod',
    subject: ref,
    discriminator: container.name,
    title: `${kind} ${name}: its readiness probe asks a port that does not exist`,
    detail: `the readiness probe of container ${container.name} asks port ${container.readinessPort}, and the container declares ${ports}: pods of this template do not become ready`,
    evidence: [
      evidence(ref, 'spec.template.spec.containers[].readinessProbe.port', String(container.readinessPort)),
      evidence(ref, 'spec.template.spec.containers[].ports', ports),
    ],
    fix: {
      summary: 'Give the container a port of that name, or let the probe name one that is there.',
      look: [sh`kubectl -n ${namespace} get ${`${kind.toLowerCase()}/${name}`} -o yaml`],
      managedBy: managedBy(workload),
    },
  });
}
