/** `mesh-mtls-strict`: pods that ask for the mesh's mutual TLS behind a controller that is not in the mesh (TRUTH). */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { type StrictPods, strictPods } from '@/lib/diagnosis/mesh-backends';
import { type Backend, backendsOf, carriers } from '@/lib/diagnosis/policy-ways';
import { serviceRefOfKey } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { affected } from '@/lib/diagnosis/symptoms';
import type { PeerAuthentication } from '@/lib/kube/mesh-objects';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { controllerSide, mayBeStrict } from '@/lib/topology/mesh';
import { object } from '@/lib/topology/reads';
import { workloadRef } from '@/lib/topology/workloads';

/** Every backend of an Ingress that is served from outside the mesh. */
export function strictMutualTls(read: Reader, unit: IngressUnit): readonly Found[] {
  if (!mayBeStrict(read, unit.ingress.namespace)) return [];
  const outside = carriers(read, unit).find(({ id }) => read.query(controllerSide, id) !== 'inside');
  if (!outside) return [];
  return backendsOf(read, unit).flatMap((backend): readonly Found[] => {
    const pods = strictPods(read, backend.service, backend.port.name);
    const policy = pods && object(read, 'peerauthentications', pods.by);
    if (!policy) return [];
    const rules = backend.rules.map((rule) => rule.id);
    return [
      {
        draft: refusal(read, { controller: outside, backend, pods, policy }),
        status: 'unknown',
        rules,
        at: 'route',
      },
    ];
  });
}

interface Case {
  readonly controller: Controller;
  readonly backend: Backend;
  readonly pods: StrictPods;
  readonly policy: PeerAuthentication;
}

const MEMBERSHIP: Readonly<Record<StrictPods['membership'], string>> = {
  sidecar: 'have a sidecar of the mesh',
  ambient: 'are in the ambient mesh',
  unknown: 'may be in the mesh, which cannot be seen',
};

function refusal(read: Reader, { controller, backend, pods, policy }: Case): Draft {
  const service = serviceRefOfKey(read, backend.service);
  const subject = refOf('peerauthentications', policy.namespace, policy.name, policy.uid);
  const plane = controller.dataPlane[0];
  const port = pods.port ?? backend.port.targetPort;
  const seen = read.query(controllerSide, controller.id) === 'outside';
  const theirs = seen ? 'are not in it' : 'may be outside of it, which cannot be seen';
  const some = pods.count < pods.total ? `${pods.count} of ${pods.total} pods` : 'the pods';
  return draft({
    code: 'mesh-mtls-strict',
    severity: 'warning',
    state: 'unknown',
    hop: 'networkpolicy',
    subject: service,
    discriminator: String(backend.port.port),
    holdMs: OBJECT_HOLD_MS,
    affects: affected(backend.rules, null),
    related: [subject, ...(plane ? [workloadRef(read, plane.namespace, plane)] : [])],
    title: `STRICT mutual TLS would refuse ${controller.name} at Service ${service.name}`,
    detail: `PeerAuthentication ${policy.namespace}/${policy.name} makes it STRICT on port ${port} of ${some} of Service ${service.name}, which ${MEMBERSHIP[pods.membership]}; the pods of ${controller.name} ${theirs}: what comes without a certificate of the mesh is refused, and users would get 502 or 503 from the controller. The API does not show whether it is so`,
    evidence: [
      evidence(subject, 'spec', modes(policy)),
      evidence(null, pods.pod ? `mesh at pod ${pods.pod}` : 'mesh at the pods', pods.membership),
      evidence(
        null,
        `mesh at pods of ${controller.name}`,
        seen ? 'neither sidecar nor ambient' : 'not readable',
      ),
    ],
    fix: {
      summary: `Bring the pods of ${controller.name} into the mesh, by a sidecar or the ambient mode, or let port ${port} of these pods take plain text too (PERMISSIVE).`,
      look: [
        'kubectl get peerauthentications.security.istio.io -A',
        sh`kubectl -n ${plane?.namespace ?? controller.namespace} get pods -o 'custom-columns=POD:.metadata.name,CONTAINERS:.spec.containers[*].name,INIT:.spec.initContainers[*].name'`,
      ],
      change: permission(read, backend, policy, pods.port),
      managedBy: policy.selector ? managedBy(policy) : null,
    },
  });
}

function modes({ mode, ports }: PeerAuthentication): string {
  return [`mtls ${mode}`, ...ports.slice(0, 10).map((one) => `port ${one.port} ${one.mode}`)].join(', ');
}

/** One port made PERMISSIVE: in the workload's own object, which would win as the older one, or in a new one. */
function permission(
  read: Reader,
  { service }: Backend,
  { namespace, name, selector }: PeerAuthentication,
  port: number | null,
): readonly string[] {
  if (port === null) return [];
  const portLevelMtls = { [String(port)]: { mode: 'PERMISSIVE' } };
  if (selector) {
    const patch = JSON.stringify({ spec: { portLevelMtls } });
    return [
      sh`kubectl -n ${namespace} patch peerauthentications.security.istio.io ${name} --type=merge -p ${patch}`,
    ];
  }
  const labels = object(read, 'services', service)?.selector;
  if (!labels || Object.keys(labels).length === 0) return [];
  const own = splitKey(service);
  const manifest = JSON.stringify({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: `plain-text-to-${own.name}`.slice(0, 200), namespace: own.namespace },
    spec: { selector: { matchLabels: labels }, portLevelMtls },
  });
  return [sh`kubectl -n ${own.namespace} apply -f - <<< ${manifest}`];
}
