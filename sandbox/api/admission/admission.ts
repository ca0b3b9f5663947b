// What happens to an object between a request and the storage: defaults, then
// validation. A served dump (raw) goes through untouched.
import { isEqual, record } from '../json';
import { checkTypes } from '../shape-check';
import { conflict, forbidden, invalid, notFound, type StatusError } from '../status';
import type { Storage } from '../storage';
import { type KubeObject, type ResourceInfo, resourceKey } from '../types';
import { ServiceAllocator } from './allocator';
import {
  defaultBinding,
  defaultEndpointSlice,
  defaultNamespace,
  defaultNetworkPolicy,
  defaultSecret,
} from './config';
import { classCauses, defaultIngress } from './ingress';
import { withDefaults } from './schema-defaults';
import { defaultService, serviceConflicts } from './service';
import { causesOf } from './validate';
import {
  defaultDaemonSet,
  defaultDeployment,
  defaultPod,
  defaultReplicaSet,
  defaultStatefulSet,
} from './workload';

type Defaulter = (object: KubeObject, old: KubeObject | undefined) => KubeObject;

/** Admits objects to one storage. */
export class Admission {
  readonly #storage: Storage;
  readonly #isRaw: boolean;
  readonly #allocator: ServiceAllocator;
  readonly #defaulters: ReadonlyMap<string, Defaulter>;

  constructor(storage: Storage, isRaw = false) {
    this.#storage = storage;
    this.#isRaw = isRaw;
    const allocator = new ServiceAllocator(storage);
    this.#allocator = allocator;
    this.#defaulters = new Map<string, Defaulter>([
      ['services', (object, old) => defaultService(object, old, allocator)],
      ['ingresses.networking.k8s.io', (object, old) => defaultIngress(object, old, storage)],
      ['pods', defaultPod],
      ['deployments.apps', defaultDeployment],
      ['replicasets.apps', defaultReplicaSet],
      ['statefulsets.apps', defaultStatefulSet],
      ['daemonsets.apps', defaultDaemonSet],
      ['namespaces', defaultNamespace],
      ['secrets', defaultSecret],
      ['rolebindings.rbac.authorization.k8s.io', defaultBinding],
      ['clusterrolebindings.rbac.authorization.k8s.io', defaultBinding],
      ['endpointslices.discovery.k8s.io', defaultEndpointSlice],
      ['networkpolicies.networking.k8s.io', defaultNetworkPolicy],
    ]);
  }

  /** The object as it will be stored; throws what is wrong with it. */
  admit(info: ResourceInfo, object: KubeObject, old?: KubeObject): KubeObject {
    if (this.#isRaw) return object;
    if (info.custom !== true) checkTypes(object);
    const key = resourceKey(info.group, info.resource);
    const causes = causesOf(info, object);
    if (key === 'services') causes.push(...serviceConflicts(object, old, this.#allocator));
    if (key === 'ingresses.networking.k8s.io' && old === undefined) causes.push(...classCauses(object));
    if (causes.length > 0) throw invalid(info, object.metadata.name, causes);
    if (old === undefined) this.#checkNamespace(info, object);
    const declared =
      info.schema === undefined
        ? object
        : ({ ...object, ...record(withDefaults(info.schema, object)) } as KubeObject);
    const defaulted = this.#defaulters.get(key)?.(declared, old) ?? declared;
    const refused = this.#immutable(info, defaulted, old);
    if (refused !== undefined) throw refused;
    return defaulted;
  }

  /** A namespaced object needs a namespace that is there and stays. */
  #checkNamespace(info: ResourceInfo, object: KubeObject): void {
    const { namespace = 'default', name } = object.metadata;
    if (!info.namespaced) return;
    const found = this.#storage.get('namespaces', undefined, namespace);
    const namespaces = this.#storage.info('namespaces');
    if (found === undefined && namespaces !== undefined) throw notFound(namespaces, namespace);
    if (found?.metadata.deletionTimestamp !== undefined) {
      const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
      throw forbidden(`${info.resource} "${name}" is forbidden: ${why}`, { name, kind: info.resource });
    }
  }

  #immutable(info: ResourceInfo, object: KubeObject, old: KubeObject | undefined): StatusError | undefined {
    if (old === undefined) return undefined;
    const { uid } = object.metadata;
    if (uid !== undefined && uid !== old.metadata.uid) {
      const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ''}`;
      return conflict(info, object.metadata.name, why);
    }
    if ((info.kind === 'Secret' || info.kind === 'ConfigMap') && old.immutable === true) {
      const message = 'Forbidden: field is immutable when `immutable` is set';
      return invalid(info, object.metadata.name, [{ reason: 'FieldValueForbidden', message, field: 'data' }]);
    }
    if (info.group === 'apps' && !isEqual(selector(object), selector(old))) {
      const message = `Invalid value: ${JSON.stringify(selector(object))}: field is immutable`;
      return invalid(info, object.metadata.name, [{ message, field: 'spec.selector' }]);
    }
    return undefined;
  }
}

function selector(object: KubeObject): unknown {
  const { spec } = object;
  return typeof spec === 'object' && spec !== null && 'selector' in spec ? (spec.selector ?? null) : null;
}
