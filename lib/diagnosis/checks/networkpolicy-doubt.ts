/** `networkpolicy-hostnetwork-unknown`, and what else policies leave open: told once for each controller. */
import type { Found } from '@/lib/diagnosis/check';
import { type Draft, draft, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import type { Backend, Way } from '@/lib/diagnosis/policy-ways';
import { sh } from '@/lib/diagnosis/shell';
import { affected } from '@/lib/diagnosis/symptoms';
import { splitKey } from '@/lib/kube/refs';
import type { Reader } from '@/lib/state/cells';
import { DOUBTS } from '@/lib/topology/network-policy/ends';
import { enforcement } from '@/lib/topology/policy-enforcement';
import { workloadRef } from '@/lib/topology/workloads';

/** A way of which it cannot be said whether it is open; nothing where policies have no effect. */
export function doubtfulWay(read: Reader, backend: Backend, way: Way): readonly Found[] {
  if (read.query(enforcement, '').state === 'not-enforced') return [];
  const onHost = way.reach.doubt === 'host-network-source';
  const found = onHost ? hostNetwork(read, backend, way) : unknown(read, backend, way);
  return found
    ? [{ draft: found, status: 'unknown', rules: backend.rules.map((rule) => rule.id), at: 'route' }]
    : [];
}

function hostNetwork(read: Reader, backend: Backend, { controller }: Way): Draft | null {
  const plane = controller.dataPlane[0];
  if (!plane) return null;
  const subject = workloadRef(read, plane.namespace, plane);
  const { namespace } = splitKey(backend.service);
  return draft({
    code: 'networkpolicy-hostnetwork-unknown',
    severity: 'warning',
    state: 'unknown',
    hop: 'networkpolicy',
    subject,
    holdMs: OBJECT_HOLD_MS,
    affects: affected(backend.rules, null),
    title: `Whether NetworkPolicies let ${controller.name} through depends on the CNI`,
    detail: `${DOUBTS['host-network-source']}. Policies of ${namespace} isolate the pods behind its rules; an ipBlock of the nodes’ addresses, or the CNI’s own word for hosts, would let it in`,
    fix: {
      summary:
        'Allow the addresses of the nodes by ipBlock, or the host entity of the CNI, in the namespaces that isolate their pods.',
      look: [sh`kubectl -n ${namespace} get networkpolicies`, sh`kubectl get nodes -o wide`],
    },
  });
}

function unknown(read: Reader, backend: Backend, { controller, reach }: Way): Draft | null {
  const plane = controller.dataPlane[0];
  if (!plane) return null;
  const { namespace } = splitKey(backend.service);
  const why = reach.doubt ? DOUBTS[reach.doubt] : reach.reason;
  return draft({
    code: 'networkpolicy-blocks-controller',
    severity: 'warning',
    state: 'unknown',
    hop: 'networkpolicy',
    subject: workloadRef(read, plane.namespace, plane),
    discriminator: 'unknown',
    holdMs: OBJECT_HOLD_MS,
    affects: affected(backend.rules, null),
    title: `Whether NetworkPolicies let ${controller.name} through is not known`,
    detail: `policies isolate pods behind its rules, in ${namespace} among others: ${why}`,
    fix: {
      summary: 'Choose the controller by namespace and pod labels in the policies, which all CNIs agree on.',
      look: [sh`kubectl -n ${namespace} get networkpolicies -o yaml`],
    },
  });
}
