/** Which policies of other kinds are for the pods behind a port of a Service. */
import type { Pod } from '@/lib/kube/objects';
import { objectKey, splitKey } from '@/lib/kube/refs';
import type { Query, Reader } from '@/lib/state/cells';
import { endpointsOfPort, readEndpoints } from '@/lib/topology/endpoints';
import {
  authorizationsTo,
  barriersTo,
  type Concern,
  mayBeConcerned,
  type Target,
} from '@/lib/topology/foreign-policies';
import { membershipOf } from '@/lib/topology/mesh';
import { namespaceLabels } from '@/lib/topology/policy-ends';
import { enforcement } from '@/lib/topology/policy-enforcement';
import { known, object } from '@/lib/topology/reads';

const NONE: readonly Concern[] = [];

/** Key: JSON of Service key and port name. */
const concerns: Query<readonly Concern[]> = {
  name: 'foreign-concerns',
  level: 3,
  compute: (read, key) => {
    const [service, portName] = JSON.parse(key) as [string, string];
    const found = object(read, 'services', service);
    if (!found) return NONE;
    const ready = endpointsOfPort(readEndpoints(read, service), portName).flatMap((endpoint) =>
      endpoint.ready && endpoint.pod !== null ? [endpoint.pod] : [],
    );
    if (ready.length === 0) return NONE;
    if (known(read, 'pods').known) return ofPods(read, ready, found.name);
    const { namespace, selector } = found;
    const home = namespaceLabels(read, namespace);
    const target = { namespace, labels: selector ?? {}, complete: false, namespaceLabels: home };
    return joined([...plugins(read, target), ...authorizationsTo(read, target, found.name)]);
  },
};

/** Where policies have no effect at all, those of network plugins have none either. */
function plugins(read: Reader, target: Target): readonly Concern[] {
  return read.query(enforcement, '').state === 'not-enforced' ? NONE : barriersTo(read, target);
}

/** Pods of one template are judged once. */
function ofPods(read: Reader, keys: readonly string[], service: string): readonly Concern[] {
  const found: Concern[] = [];
  const seen = new Set<string>();
  for (const key of keys) {
    const pod = object(read, 'pods', key);
    if (!pod) continue;
    const meshed = membershipOf(read, pod) !== 'outside';
    const id = JSON.stringify([sortedLabels(pod), pod.hostNetwork, meshed]);
    if (seen.has(id)) continue;
    seen.add(id);
    const home = namespaceLabels(read, pod.namespace);
    const target = { namespace: pod.namespace, labels: pod.labels, complete: true, namespaceLabels: home };
    // Pods on the network of their node are the node to all plugins.
    if (!pod.hostNetwork) found.push(...plugins(read, target));
    if (meshed) found.push(...authorizationsTo(read, target, service));
  }
  return joined(found);
}

function sortedLabels({ labels }: Pod): readonly (readonly [string, string])[] {
  return Object.entries(labels).sort();
}

/** Each policy once, by its name; sure where it is for any of the pods. */
function joined(found: readonly Concern[]): readonly Concern[] {
  const all = new Map<string, Concern>();
  for (const one of found) {
    const id = `${one.ref.resource}.${one.ref.group} ${objectKey(one.ref.namespace, one.ref.name)}`;
    if (one.sure || !all.has(id)) all.set(id, one);
  }
  return [...all.keys()].sort().flatMap((id) => all.get(id) ?? []);
}

/** The policies of other kinds that are, or may be, for the ready pods behind ports of a Service. */
export function foreignConcerns(
  read: Reader,
  service: string,
  portNames: readonly string[],
): readonly Concern[] {
  // Where there are none there is nothing to remember for each port.
  if (!mayBeConcerned(read, splitKey(service).namespace)) return NONE;
  return joined(portNames.flatMap((name) => read.query(concerns, JSON.stringify([service, name]))));
}
