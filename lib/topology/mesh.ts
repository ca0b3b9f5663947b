/** Who is in Istio's mesh, and which mutual TLS its pods ask for (Istio 1.27 reference, PeerAuthentication). */
import type { MutualTls, PeerAuthentication } from '@/lib/kube/mesh-objects';
import type { Labels, Pod } from '@/lib/kube/objects';
import { matchesLabels, matchesSelector } from '@/lib/kube/selectors';
import type { Query, Reader } from '@/lib/state/cells';
import { controllerById } from './controllers';
import { planeWorkload } from './exposure';
import { namespaceLabels } from './policy-ends';
import { known, members, object } from './reads';

/** meshConfig.rootNamespace unless somebody changed it: policies without selector hold for the whole mesh there. */
export const ROOT_NAMESPACE = 'istio-system';

export type Membership = 'sidecar' | 'ambient' | 'outside' | 'unknown';

const DATAPLANE = 'istio.io/dataplane-mode';

/** Whether a pod speaks the mesh's mutual TLS: by a proxy of its own, or by its node's (ambient). */
export function membershipOf(read: Reader, pod: Pod): Membership {
  if (pod.containers.some(({ name }) => name === 'istio-proxy')) return 'sidecar';
  if (pod.annotations['ambient.istio.io/redirection'] === 'enabled') return 'ambient';
  const own = pod.labels[DATAPLANE];
  // istio-cni leaves pods on the network of their node alone.
  if (pod.hostNetwork || own === 'none') return 'outside';
  if (own === 'ambient') return 'ambient';
  const { labels, complete } = namespaceLabels(read, pod.namespace);
  if (!complete) return 'unknown';
  return labels[DATAPLANE] === 'ambient' ? 'ambient' : 'outside';
}

function isAlive({ phase, deleting }: Pod): boolean {
  return deleting === null && phase !== 'Succeeded' && phase !== 'Failed';
}

/** A data plane that is in the mesh with one pod is on its way in, or out: nothing is said of it. */
type Side = 'inside' | 'outside' | 'unknown';

/** On which side of the mesh the pods that carry a controller's traffic stand (key: its id). */
export const controllerSide: Query<Side> = {
  name: 'controller-mesh-side',
  level: 3,
  compute: (read, id) => {
    const controller = controllerById(read, id);
    if (!controller || controller.type === 'istio') return 'inside';
    const sides = controller.dataPlane.flatMap((plane) => planeSides(read, plane));
    if (sides.some((side) => side === 'sidecar' || side === 'ambient') || sides.length === 0) return 'inside';
    return sides.every((side) => side === 'outside') ? 'outside' : 'unknown';
  },
};

function planeSides(
  read: Reader,
  plane: { kind: string; namespace: string; name: string },
): readonly Membership[] {
  const workload = planeWorkload(read, plane);
  if (!workload) return [];
  if (workload.containers.some(({ name }) => name === 'istio-proxy')) return ['sidecar'];
  // Injection leaves no trace in the template.
  if (!known(read, 'pods').known) return ['unknown'];
  return members(read, 'pods-of-namespace', plane.namespace).flatMap((key) => {
    const pod = object(read, 'pods', key);
    return pod && isAlive(pod) && matchesSelector(workload.selector, pod.labels)
      ? [membershipOf(read, pod)]
      : [];
  });
}

/** The PeerAuthentications of a namespace, the oldest first: among equals it wins. */
export const peerAuthentications: Query<readonly PeerAuthentication[]> = {
  name: 'peer-authentications',
  level: 1,
  compute: (read, namespace) => {
    const found = members(read, 'peer-authentications-of-namespace', namespace).flatMap(
      (key) => object(read, 'peerauthentications', key) ?? [],
    );
    return found.length < 2 ? found : found.sort((a, b) => age(a) - age(b) || (a.name < b.name ? -1 : 1));
  },
};

function age({ created }: PeerAuthentication): number {
  return created ?? Number.MAX_SAFE_INTEGER;
}

interface EffectiveTls {
  readonly mode: Exclude<MutualTls, 'UNSET'>;
  /** The object that says so; null: nobody does. */
  readonly by: PeerAuthentication | null;
}

const strictHere: Query<boolean> = {
  name: 'strict-here',
  level: 2,
  compute: (read, namespace) =>
    [namespace, ROOT_NAMESPACE].some((home) =>
      read
        .query(peerAuthentications, home)
        .some(({ mode, ports }) => mode === 'STRICT' || ports.some((port) => port.mode === 'STRICT')),
    ),
};

/** Whether any object could make it STRICT for pods of a namespace: most clusters have none. Of level 2. */
export function mayBeStrict(read: Reader, namespace: string): boolean {
  return read.query(strictHere, namespace);
}

/**
 * The mode of a port of pods with these labels: by port, by workload, by namespace, by mesh, the first that is set
 * (pilot/pkg/security/authn, ComposePeerAuthentication); PERMISSIVE where none is.
 */
export function effectiveTls(
  read: Reader,
  pod: { readonly namespace: string; readonly labels: Labels },
  port: number | null,
): EffectiveTls {
  const own = read.query(peerAuthentications, pod.namespace);
  const workload = own.find(({ selector }) => selector && matchesLabels(selector, pod.labels));
  const home = own.find(({ selector }) => selector === null);
  const mesh = read.query(peerAuthentications, ROOT_NAMESPACE).find(({ selector }) => selector === null);
  const byPort = workload?.ports.find((one) => one.port === port)?.mode ?? 'UNSET';
  if (workload && byPort !== 'UNSET') return { mode: byPort, by: workload };
  for (const by of [workload, home, mesh]) if (by && by.mode !== 'UNSET') return { mode: by.mode, by };
  return { mode: 'PERMISSIVE', by: null };
}

function ports(written: string | undefined): readonly string[] {
  return (written ?? '').split(',').map((port) => port.trim());
}

/** Whether a sidecar is told to leave a port alone (Istio, "Resource Annotations": traffic.sidecar.istio.io). */
export function isLeftAlone({ annotations }: Pod, port: number | null): boolean {
  if (port === null) return false;
  if (ports(annotations['traffic.sidecar.istio.io/excludeInboundPorts']).includes(String(port))) return true;
  const included = annotations['traffic.sidecar.istio.io/includeInboundPorts'];
  if (included === undefined) return false;
  return !ports(included).some((one) => one === '*' || one === String(port));
}
