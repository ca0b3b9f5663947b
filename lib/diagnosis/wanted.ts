import { configMapRefs } from '@/lib/controllers/config-maps';
import { patternsOf } from '@/lib/controllers/log-patterns';
import { recogniseWorkload } from '@/lib/controllers/registry';
import type { ControllerType } from '@/lib/controllers/types';
import type { Pod, Workload } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { matchesLabels, matchesSelector } from '@/lib/kube/selectors';
import type { ObjectChange } from '@/lib/state/change';
import { type ObjectStore, splitMember } from '@/lib/state/store';
import { addressesOf } from '@/lib/topology/exposure';
import { outsideName } from '@/lib/topology/external-names';
import { workloadControllerId } from '@/lib/topology/ids';
import { isCrashing } from '@/lib/topology/indexes';

/** One container whose log is read. */
export interface LogTarget {
  readonly namespace: string;
  readonly pod: string;
  /** Tells pods apart that come back under one name. */
  readonly uid: string;
  readonly container: string;
}

export interface ControllerLog {
  readonly type: ControllerType;
  readonly targets: readonly LogTarget[];
}

/** What the probes and the readers by name are asked for. */
export interface Wanted {
  /** Lower-case names: literal hosts of rules and exposed Services, host names of load balancers, and ExternalName backends. */
  readonly hosts: ReadonlySet<string>;
  /** Keys of the Secrets that some Ingress names, for TLS or for access, and of the default certificates of controllers. */
  readonly secrets: ReadonlySet<string>;
  /** Keys of the ConfigMaps that some controller reads. */
  readonly configmaps: ReadonlySet<string>;
  /** By controller id. */
  readonly logs: ReadonlyMap<string, ControllerLog>;
  /** By `NS/NAME` of the crashing pod. */
  readonly crashes: ReadonlyMap<string, LogTarget>;
}

const IP = /^[\d.]+$|:/;
/** Pods of one controller whose logs are read: what one replica rejects all reject. */
const MOST_PODS = 3;
/** Crashing pods whose last lines are read (behind rules, or a controller's own). */
const MOST_CRASHES = 20;

/** Keeps what is wanted in step with the store; parts are made anew only when what they come from changed. */
export class WantedNames {
  readonly #store: ObjectStore;
  #value: Wanted | null = null;
  #names: Pick<Wanted, 'hosts' | 'secrets'> | null = null;
  #containers:
    | (Pick<Wanted, 'configmaps' | 'logs' | 'crashes'> & { certificates: readonly string[] })
    | null = null;
  #homes: ReadonlySet<string> = new Set();

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** Tells of a change before the store takes it. */
  note({ kind, key, object }: ObjectChange): void {
    if (kind === 'services' || kind === 'ingresses') this.#names = null;
    else if (kind === 'pods') {
      const pod = object ?? this.#store.get('pods', key);
      const crashes = [object, this.#store.get('pods', key)].some((entry) => entry && isCrashing(entry));
      // Pods change all the time: only a controller's and crashing ones matter.
      if (!crashes && !this.#homes.has(pod?.namespace ?? '')) return;
    } else if (kind === 'deployments' || kind === 'daemonsets' || kind === 'statefulsets') {
      const both = [object, this.#store.get(kind, key)];
      if (!both.some((workload) => workload && recogniseWorkload(workload) !== null)) return;
    } else return;
    this.#containers = null;
    this.#value = null;
  }

  /** The same object until something changes. */
  get value(): Wanted {
    if (this.#value) return this.#value;
    this.#names ??= namesOf(this.#store);
    if (!this.#containers) {
      const workloads = controllerWorkloads(this.#store);
      this.#homes = new Set(workloads.map(({ namespace }) => namespace));
      this.#containers = {
        configmaps: new Set(workloads.flatMap((own) => configMapRefs(own).map(({ key }) => key))),
        logs: logsOf(this.#store, workloads),
        crashes: crashesOf(this.#store, workloads),
        certificates: [...this.#store.indexKeys('default-certificates')],
      };
    }
    const { certificates, ...containers } = this.#containers;
    const secrets = new Set([...this.#names.secrets, ...certificates]);
    this.#value = { hosts: this.#names.hosts, secrets, ...containers };
    return this.#value;
  }
}

function namesOf(store: ObjectStore): Pick<Wanted, 'hosts' | 'secrets'> {
  const hosts = new Set<string>();
  for (const index of ['ingresses-by-host', 'services-by-host']) {
    for (const host of store.indexKeys(index))
      if (host !== '' && !host.startsWith('*')) hosts.add(host.toLowerCase());
  }
  const addresses = [
    ...store.index('services-exposed', '').flatMap((key) => store.get('services', key)?.addresses ?? []),
    ...store.index('ingresses-all', '').flatMap((key) => store.get('ingresses', key)?.addresses ?? []),
  ];
  for (const address of addressesOf(addresses)) if (!IP.test(address)) hosts.add(address);
  for (const name of externalNames(store)) hosts.add(name);
  const secrets = ['ingresses-of-secret', 'ingresses-of-auth-secret'].flatMap((index) => [
    ...store.indexKeys(index),
  ]);
  return { hosts, secrets: new Set(secrets) };
}

function controllerWorkloads(store: ObjectStore): readonly Workload[] {
  return store.index('controller-workloads', '').flatMap((member) => {
    const { kind, key } = splitMember(member);
    const workload = store.get(kind, key) as Workload | undefined;
    return workload ?? [];
  });
}

function logsOf(store: ObjectStore, workloads: readonly Workload[]): ReadonlyMap<string, ControllerLog> {
  const logs = new Map<string, ControllerLog>();
  for (const workload of workloads) {
    const found = recogniseWorkload(workload);
    // A data plane of its own (Envoy) tells of requests, not of configuration.
    if (!found || found.role === 'data' || patternsOf(found.type).length === 0) continue;
    const container = workload.containers.find(({ image }) => image === found.image)?.name ?? '';
    const targets = podsOf(store, workload)
      .filter((pod) => pod.phase === 'Running')
      .slice(0, MOST_PODS)
      .map((pod) => targetOf(pod, container));
    if (targets.length > 0)
      logs.set(workloadControllerId(workload.kind, workload.namespace, workload.name), {
        type: found.type,
        targets,
      });
  }
  return logs;
}

function podsOf(store: ObjectStore, workload: Workload): readonly Pod[] {
  return store.index('pods-of-namespace', workload.namespace).flatMap((key) => {
    const pod = store.get('pods', key);
    return pod && matchesSelector(workload.selector, pod.labels) ? pod : [];
  });
}

function targetOf(pod: Pod, container: string): LogTarget {
  return { namespace: pod.namespace, pod: pod.name, uid: pod.uid, container };
}

/** One pod of each workload first would be fairer; the order by name does, and it does not change with events. */
function crashesOf(store: ObjectStore, workloads: readonly Workload[]): ReadonlyMap<string, LogTarget> {
  const found = new Map<string, LogTarget>();
  for (const key of store.index('pods-crashing', '')) {
    if (found.size >= MOST_CRASHES) break;
    const pod = store.get('pods', key);
    if (!pod || !(isBehindRule(store, pod) || isController(workloads, pod))) continue;
    const crashed = pod.states.find((state) => !state.ready && state.restarts > 0) ?? pod.states[0];
    if (crashed) found.set(key, targetOf(pod, crashed.name));
  }
  return found;
}

function isController(workloads: readonly Workload[], pod: Pod): boolean {
  return workloads.some(
    (workload) => workload.namespace === pod.namespace && matchesSelector(workload.selector, pod.labels),
  );
}

function isBehindRule(store: ObjectStore, pod: Pod): boolean {
  return store.index('services-of-namespace', pod.namespace).some((key) => {
    const service = store.get('services', key);
    return (
      service?.selector &&
      store.index('ingresses-of-service', objectKey(service.namespace, service.name)).length > 0 &&
      matchesLabels(service.selector, pod.labels)
    );
  });
}

/** What ExternalName Services behind Ingresses stand for, where it is a name of DNS outside the cluster. */
function externalNames(store: ObjectStore): readonly string[] {
  return store.index('services-external', '').flatMap((key) => {
    if (store.index('ingresses-of-service', key).length === 0) return [];
    return outsideName(store.get('services', key)?.externalName ?? '') ?? [];
  });
}
