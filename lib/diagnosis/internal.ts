/** Nodes and edges of what no entry reaches: counted always, drawn where `scope=all` asks for it (CONTRACT "Scope"). */
import type { Pod, Service } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { matchesLabels } from '@/lib/kube/selectors';
import type { Query, Reader } from '@/lib/state/cells';
import type { ObjectStore } from '@/lib/state/store';
import { controllers } from '@/lib/topology/controllers';
import type { InternalDetail, PodDetail, ServiceDetail } from '@/lib/topology/details';
import { type JoinedEndpoint, readEndpoints } from '@/lib/topology/endpoints';
import { isExposed } from '@/lib/topology/entries';
import { planeWorkload } from '@/lib/topology/exposure';
import type { Graph } from '@/lib/topology/graph';
import { podId, serviceId } from '@/lib/topology/ids';
import type { Internal } from '@/lib/topology/internal';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { known, members, object } from '@/lib/topology/reads';
import { workloadOf } from '@/lib/topology/workloads';
import { backsEdge } from './fragments/endpoints';
import { node, serviceDetail } from './fragments/parts';
import { podDetail, podNode } from './pod-node';
import { podVerdict } from './pod-verdict';
import { serviceRef } from './port-context';

const SLICE = 256;

/** What the internal part is made from; nothing of it may change while it is being made. */
export interface InternalInputs {
  readonly store: ObjectStore;
  readonly graph: Graph;
  readonly input: Reader['input'];
}

/** What no entry reaches at the time `now` (epoch ms), in slices; in an order that only the objects decide. */
export function* internalPart(inputs: InternalInputs, now: number): Generator<void, Internal> {
  const work = new Work(inputs, new Glance(inputs.input, now));
  yield* work.services();
  yield* work.pods();
  return work.result;
}

/** Reads once, remembering nothing but when time will change what was read. */
class Glance implements Reader {
  wakeAt: number | null = null;
  readonly input: Reader['input'];
  readonly #now: number;

  constructor(input: Reader['input'], now: number) {
    this.input = input;
    this.#now = now;
  }

  query<V>(query: Query<V>, key: string): V {
    return query.compute(this, key);
  }

  readonly reached = (time: number): boolean => {
    if (this.#now >= time) return true;
    this.wakeAt = Math.min(this.wakeAt ?? time, time);
    return false;
  };
}

class Work {
  readonly #inputs: InternalInputs;
  readonly #read: Glance;
  readonly #owned: Owned;
  readonly #slicesKnown: boolean;
  readonly #services: TopologyNode[] = [];
  /** By key. */
  readonly #pods = new Map<string, TopologyNode>();
  readonly #edges = new Map<string, TopologyEdge>();
  #steps = 0;

  constructor(inputs: InternalInputs, read: Glance) {
    this.#inputs = inputs;
    this.#read = read;
    this.#owned = ownedByControllers(read);
    this.#slicesKnown = known(read, 'endpointslices').known;
  }

  get result(): Internal {
    const nodes = [...this.#services, ...this.#pods.values()];
    return { nodes, edges: [...this.#edges.values()], wakeAt: this.#read.wakeAt };
  }

  *services(): Generator<void> {
    const { store, graph } = this.#inputs;
    for (const namespace of [...store.indexKeys('services-of-namespace')].sort()) {
      for (const key of store.index('services-of-namespace', namespace)) {
        if (this.#late()) yield;
        const service = store.get('services', key);
        if (service && !graph.nodes.has(serviceId(namespace, service.name)))
          yield* this.#service(key, service);
      }
    }
  }

  *pods(): Generator<void> {
    const { store, graph } = this.#inputs;
    for (const namespace of [...store.indexKeys('pods-of-namespace')].sort()) {
      for (const key of store.index('pods-of-namespace', namespace)) {
        if (this.#late()) yield;
        const pod = store.get('pods', key);
        if (pod && !graph.nodes.has(podId(namespace, pod.name))) this.#pod(key, pod, null);
      }
    }
  }

  *#service(key: string, service: Service): Generator<void> {
    const all = service.type === 'ExternalName' ? [] : readEndpoints(this.#read, key).endpoints;
    const alive = all.filter((endpoint) => !endpoint.terminating);
    const own = serviceNode(service, alive, {
      reason: serviceReason(service, this.#owned.services.get(key)),
      known: this.#slicesKnown,
    });
    this.#services.push(own);
    for (const endpoint of all) {
      if (this.#late()) yield;
      const end = endpoint.pod === null ? null : this.#end(endpoint.pod, service);
      if (end) this.#back(own, service, endpoint, end);
    }
  }

  /** The pod behind an endpoint, as it is drawn; null where it cannot be seen. */
  #end(key: string, service: Service): TopologyNode | null {
    const pod = this.#inputs.store.get('pods', key);
    if (!pod) return null;
    const drawn = this.#inputs.graph.nodes.get(podId(pod.namespace, pod.name));
    // What ails a pod that an entry reaches is told there.
    return drawn ? { ...drawn, findings: [] } : this.#pod(key, pod, service);
  }

  #back(own: TopologyNode, service: Service, endpoint: JoinedEndpoint, end: TopologyNode): void {
    for (const port of service.ports) {
      if (!Object.hasOwn(endpoint.ports, port.name)) continue;
      const edge = backsEdge(own.id, end, endpoint, port);
      this.#edges.set(edge.id, edge);
    }
  }

  #pod(key: string, pod: Pod, service: Service | null): TopologyNode {
    const before = this.#pods.get(key);
    if (before) return before;
    const verdict = podVerdict(pod, this.#read.reached);
    const workload = workloadOf(this.#read, pod);
    const base = podDetail(pod, verdict, workload);
    const owner = workload && this.#owned.workloads.get(workloadKey(pod.namespace, workload));
    const detail: PodDetail & InternalDetail = {
      ...base,
      internal: true,
      internalReason: podReason(owner ?? undefined, service),
      labels: pod.labels,
    };
    // A Job's pod that has done its work is not at fault.
    const done = verdict.state === 'finished' && pod.phase === 'Succeeded';
    const made = podNode(pod, verdict, done ? { detail, status: 'ok' } : { detail });
    this.#pods.set(key, made);
    return made;
  }

  #late(): boolean {
    return ++this.#steps % SLICE === 0;
  }
}

/** Names of controllers by what is theirs. */
interface Owned {
  readonly services: ReadonlyMap<string, string>;
  readonly workloads: ReadonlyMap<string, string>;
}

/** Unlike `exposure` with the Services of admission webhooks and metrics: they too are the controller's. */
function ownedByControllers(read: Reader): Owned {
  const services = new Map<string, string>();
  const workloads = new Map<string, string>();
  for (const { workload, namespace, dataPlane, name } of read.query(controllers, '')) {
    if (!workload) continue;
    for (const plane of [{ ...workload, namespace }, ...dataPlane]) {
      workloads.set(workloadKey(plane.namespace, plane), name);
      for (const key of servicesOf(read, plane)) services.set(key, name);
    }
  }
  return { services, workloads };
}

function servicesOf(read: Reader, plane: Parameters<typeof planeWorkload>[1]): readonly string[] {
  const workload = planeWorkload(read, plane);
  if (!workload) return [];
  return members(read, 'services-of-namespace', plane.namespace).filter((key) => {
    const selector = object(read, 'services', key)?.selector;
    return selector && matchesLabels(selector, workload.templateLabels);
  });
}

function workloadKey(namespace: string, { kind, name }: { readonly kind: string; readonly name: string }) {
  return `${kind} ${objectKey(namespace, name)}`;
}

function serviceReason(service: Service, controller: string | undefined): string {
  if (controller !== undefined)
    return isExposed(service)
      ? `belongs to controller ${controller}: drawn as its load balancer`
      : `belongs to controller ${controller}: internal only, no rule, no load balancer`;
  if (isExposed(service)) return `${service.type}: nothing is known to lead here`;
  if (service.type === 'ExternalName')
    return `internal only: ExternalName for ${service.externalName}, no rule, no load balancer`;
  const type = service.clusterIP === 'None' ? 'headless' : service.type || 'ClusterIP';
  return `internal only: ${type}, no rule, no load balancer`;
}

function podReason(controller: string | undefined, service: Service | null): string {
  if (controller !== undefined) return `belongs to controller ${controller}`;
  return service
    ? `internal only: behind Service ${service.name}, which no rule and no load balancer leads to`
    : 'internal only: no rule and no load balancer leads here';
}

function serviceNode(
  service: Service,
  alive: readonly JoinedEndpoint[],
  { reason, known: seen }: { readonly reason: string; readonly known: boolean },
): TopologyNode {
  const ready = alive.filter((endpoint) => endpoint.ready).length;
  const detail: ServiceDetail & InternalDetail & { readonly reason: string; readonly externalName?: string } =
    {
      ...serviceDetail(service, ready, alive.length),
      reason,
      ...(service.type === 'ExternalName' ? { externalName: service.externalName } : {}),
      internal: true,
      internalReason: reason,
      labels: service.labels,
    };
  return node({
    id: serviceId(service.namespace, service.name),
    kind: 'service',
    name: service.name,
    namespace: service.namespace,
    // Nobody outside is harmed by what is wrong behind it; its pods say it themselves.
    status: seen || service.type === 'ExternalName' ? 'ok' : 'unknown',
    ref: serviceRef(service),
    detail,
  });
}
