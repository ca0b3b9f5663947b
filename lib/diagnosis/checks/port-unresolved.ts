import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { nearest } from '@/lib/diagnosis/edit-distance';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { type PortContext, serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import type { Pod } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';

/**
 * `endpoints-port-unresolved`: a named target port that no selected pod declares. Named ports are resolved per pod, sidecars
 * included (CHECKS trap 6); a number needs no declaration.
 */
export function portUnresolved({ service, port }: PortContext, pods: readonly Pod[]): Draft | null {
  const name = port.targetPort;
  if (typeof name !== 'string') return null;
  const declared = [
    ...new Set(
      pods.flatMap((pod) => pod.containers.flatMap((container) => container.ports.map((p) => p.name))),
    ),
  ].filter((n) => n !== '');
  if (declared.includes(name)) return null;
  const ref = serviceRef(service);
  const first = pods[0] as Pod;
  const near = nearest(name, declared);
  const known = declared.length > 0 ? declared.join(', ') : 'none';
  const at = service.ports.indexOf(port);
  // With several names and none alike, any would be a guess.
  const right = near ?? (declared.length === 1 ? declared[0] : undefined);
  const patch = JSON.stringify([{ op: 'replace', path: `/spec/ports/${at}/targetPort`, value: right }]);
  return draft({
    code: 'endpoints-port-unresolved',
    severity: 'broken',
    hop: 'endpoints',
    subject: ref,
    discriminator: name,
    title: `Service ${service.name}: target port ${name} is on none of its pods`,
    detail: `target port "${name}" of ${service.name}:${port.port} is declared by none of its ${pods.length} pods; port names there: ${known}`,
    evidence: [
      evidence(ref, `spec.ports[${at}].targetPort`, name),
      evidence(
        refOf('pods', first.namespace, first.name, first.uid),
        'spec.containers[].ports[].name',
        known,
      ),
    ],
    related: pods.slice(0, 20).map((pod) => refOf('pods', pod.namespace, pod.name, pod.uid)),
    fix: {
      summary: near
        ? `Use the port name "${near}", or name the container's port "${name}".`
        : `Name the container's port "${name}", or use its number as targetPort.`,
      look: [
        sh`kubectl -n ${service.namespace} get pod ${first.name} -o jsonpath='{.spec.containers[*].ports}'`,
      ],
      change: right
        ? [sh`kubectl -n ${service.namespace} patch service ${service.name} --type=json -p ${patch}`]
        : [],
      managedBy: managedBy(service),
    },
  });
}
