import { recogniseWorkload } from '@/lib/controllers/registry';
import type { ControllerType } from '@/lib/controllers/types';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { planes, practice } from '@/lib/diagnosis/controller-planes';
import { evidence } from '@/lib/diagnosis/draft';
import type { Workload, WorkloadContainer } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import { workloadRef } from '@/lib/topology/workloads';

/** The container that carries traffic: of those with ports the one by which its workload was recognised, not a helper. */
function mainContainer(workload: Workload): WorkloadContainer | undefined {
  const image = recogniseWorkload(workload)?.image;
  const withPorts = workload.containers.filter(({ ports }) => ports.length > 0);
  const candidates = withPorts.length > 0 ? withPorts : workload.containers;
  return candidates.find((container) => container.image === image) ?? candidates[0];
}

/** What is switched off carries nothing. */
const running = (read: Reader, unit: ControllerUnit) =>
  planes(read, unit).filter(({ replicas }) => replicas > 0);

/**
 * `controller-no-resources`: no requests (a warning), or no memory limit (a hint). A LimitRange or Autopilot may give both to
 * pods, which templates do not show; a missing CPU limit is often intended and is not told (CHECKS trap 26).
 */
export function noResources(read: Reader, unit: ControllerUnit): readonly Found[] {
  return running(read, unit).flatMap((workload) => {
    const container = mainContainer(workload);
    if (!container) return [];
    const { requests, limits } = container;
    const bare = requests.length === 0 && limits.length === 0;
    if (!bare && limits.includes('memory')) return [];
    const { name } = workload;
    return practice(read, workload, {
      code: 'controller-no-resources',
      severity: bare ? 'warning' : 'info',
      title: bare ? `${name} asks for no CPU and memory` : `${name} has no memory limit`,
      detail: `container ${container.name} ${bare ? 'requests nothing: it is the first to be evicted or starved when its node runs short' : 'may take all memory of its node'}; a LimitRange may give what the template lacks, which is not seen from here`,
      evidence: [
        evidence(
          workloadRef(read, workload.namespace, workload),
          `spec.template.spec.containers[${container.name}].resources`,
          `requests: ${requests.join(', ') || 'none'}; limits: ${limits.join(', ') || 'none'}`,
        ),
      ],
      mend: 'Request what it was seen to use, and limit its memory well above that.',
    });
  });
}

/** Where a controller answers whether it is ready, as its chart has it. */
const PROBES: Partial<Record<ControllerType, string>> = {
  'ingress-nginx': '/healthz on port 10254',
  traefik: '/ping on the port of its entry point traefik (8080)',
  contour: '/ready on port 8002 of Envoy',
  kong: '/readyz on port 10254',
  'f5-nginx': '/nginx-ready on port 8081',
  haproxytech: '/healthz on port 1042',
  'haproxy-ingress': '/healthz on port 10253',
};

/** `controller-no-probes`: Kubernetes cannot tell whether it takes traffic, or that it hangs. */
export function noProbes(read: Reader, unit: ControllerUnit): readonly Found[] {
  return running(read, unit).flatMap((workload) => {
    const container = mainContainer(workload);
    if (!container) return [];
    const ready = container.readiness !== 'none';
    if (ready && container.hasLivenessProbe) return [];
    const missing = [
      ...(ready ? [] : ['readinessProbe']),
      ...(container.hasLivenessProbe ? [] : ['livenessProbe']),
    ];
    const { name } = workload;
    const path = PROBES[unit.controller.type];
    return practice(read, workload, {
      code: 'controller-no-probes',
      severity: ready ? 'info' : 'warning',
      title: ready ? `${name} is not restarted when it hangs` : `${name} gets traffic before it is ready`,
      detail: `container ${container.name} has no ${missing.join(' and no ')}`,
      evidence: [
        evidence(
          workloadRef(read, workload.namespace, workload),
          `spec.template.spec.containers[${container.name}]`,
          `no ${missing.join(', no ')}`,
        ),
      ],
      mend: `Probe what its chart probes${path ? `: ${path}` : ''}.`,
    });
  });
}
