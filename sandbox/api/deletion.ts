// Deleting: graceful for pods, then what depended on the object, then a
// namespace's content.
import { at, number } from './json';
import type { Storage, StorageEvent } from './storage';
import { type KubeObject, type OwnerReference, resourceKey } from './types';

type Place = { resource: string; namespace: string | undefined; name: string };

/** How long a namespace's content outlives the request to delete the namespace. */
const EMPTY_AFTER_MS = 500;

/** Deletes one object; a scheduled pod only gets its deletionTimestamp where a controller finishes the rest. */
export function deleteObject(
  storage: Storage,
  resource: string,
  object: KubeObject,
  hasGracefulPods: boolean,
  graceSeconds?: number,
): void {
  const { namespace, name } = object.metadata;
  const grace = graceSeconds ?? number(at(object, 'spec', 'terminationGracePeriodSeconds'), 30);
  const isGraceful =
    resource === 'pods' && hasGracefulPods && grace > 0 && at(object, 'spec', 'nodeName') !== undefined;
  if (isGraceful) storage.markDeleted(resource, namespace, name, grace);
  else storage.remove(resource, namespace, name);
}

function owners(object: KubeObject | undefined): readonly OwnerReference[] {
  const references = object?.metadata.ownerReferences;
  // Odd objects are served as they are, also with what is no reference among them.
  return Array.isArray(references)
    ? references.filter((one: unknown) => typeof one === 'object' && one !== null)
    : [];
}

/** Deletes in the background what lost its last owner. */
export class GarbageCollector {
  readonly #storage: Storage;
  readonly #hasGracefulPods: boolean;
  readonly #dependents = new Map<string, Map<string, Place>>();
  readonly #gone: string[] = [];
  readonly #stop: () => void;
  #isScheduled = false;

  constructor(storage: Storage, hasGracefulPods: boolean) {
    this.#storage = storage;
    this.#hasGracefulPods = hasGracefulPods;
    for (const info of storage.resources()) {
      const resource = resourceKey(info.group, info.resource);
      for (const object of storage.list(resource)) this.#index(resource, object, true);
    }
    this.#stop = storage.onChange((event) => this.#see(event));
  }

  stop(): void {
    this.#stop();
  }

  /** Makes an object's dependents independent of it (`--cascade=orphan`). */
  orphan(uid: string): void {
    for (const place of [...(this.#dependents.get(uid)?.values() ?? [])])
      this.#disown(place, (owner) => owner.uid !== uid);
  }

  #see({ type, resource, object, old }: StorageEvent): void {
    if (old !== undefined && owners(old) !== owners(object)) this.#index(resource, old, false);
    if (type !== 'DELETED') {
      if (old === undefined || owners(old) !== owners(object)) this.#index(resource, object, true);
      return;
    }
    this.#index(resource, object, false);
    const { uid } = object.metadata;
    if (uid === undefined || !this.#dependents.has(uid)) return;
    this.#gone.push(uid);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#collect());
  }

  #index(resource: string, object: KubeObject, isThere: boolean): void {
    const { namespace, name } = object.metadata;
    const id = `${resource}/${namespace ?? ''}/${name}`;
    for (const { uid } of owners(object)) {
      const places = this.#dependents.get(uid) ?? new Map<string, Place>();
      if (isThere) places.set(id, { resource, namespace, name });
      else places.delete(id);
      if (places.size === 0) this.#dependents.delete(uid);
      else this.#dependents.set(uid, places);
    }
  }

  #collect(): void {
    this.#isScheduled = false;
    for (const uid of this.#gone.splice(0)) {
      for (const place of [...(this.#dependents.get(uid)?.values() ?? [])]) {
        const object = this.#storage.get(place.resource, place.namespace, place.name);
        if (object === undefined || object.metadata.deletionTimestamp !== undefined) continue;
        if (owners(object).some((owner) => this.#isLive(owner, place.namespace))) {
          this.#disown(place, (owner) => this.#isLive(owner, place.namespace));
        } else deleteObject(this.#storage, place.resource, object, this.#hasGracefulPods);
      }
    }
  }

  #isLive(owner: OwnerReference, namespace: string | undefined): boolean {
    const resource = this.#storage.resourceOf(owner);
    if (resource === undefined) return false;
    const scope = this.#storage.info(resource)?.namespaced === true ? namespace : undefined;
    return this.#storage.get(resource, scope, owner.name)?.metadata.uid === owner.uid;
  }

  #disown(place: Place, isKept: (owner: OwnerReference) => boolean): void {
    const object = this.#storage.get(place.resource, place.namespace, place.name);
    if (object === undefined) return;
    const { ownerReferences: _owners, ...metadata } = object.metadata;
    const kept = owners(object).filter(isKept);
    const next = kept.length === 0 ? metadata : { ...metadata, ownerReferences: kept };
    this.#storage.update(
      place.resource,
      { ...object, metadata: next },
      { manager: 'kube-controller-manager' },
    );
  }
}

/** Empties a namespace that is being deleted, and removes it once it is empty. */
export class NamespaceLifecycle {
  readonly #storage: Storage;
  readonly #hasGracefulPods: boolean;
  readonly #leaving = new Set<string>();
  readonly #stop: () => void;

  constructor(storage: Storage, hasGracefulPods: boolean) {
    this.#storage = storage;
    this.#hasGracefulPods = hasGracefulPods;
    this.#stop = storage.onChange((event) => {
      const { namespace } = event.object.metadata;
      if (event.type === 'DELETED' && namespace !== undefined && this.#leaving.has(namespace))
        this.#finish(namespace);
    });
  }

  stop(): void {
    this.#stop();
  }

  /** Begins to delete a namespace. */
  delete(name: string): void {
    const marked = this.#storage.markDeleted('namespaces', undefined, name, 0);
    this.#storage.update('namespaces', { ...marked, status: { phase: 'Terminating' } }, { status: true });
    this.#leaving.add(name);
    // In a cluster this takes some seconds; `kubectl delete -f` of a namespace and its content counts on it.
    setTimeout(() => this.#empty(name), EMPTY_AFTER_MS).unref();
  }

  #content(name: string): [string, KubeObject][] {
    const keys = new Set(
      this.#storage
        .resources()
        .filter((info) => info.namespaced)
        .map((info) => resourceKey(info.group, info.resource)),
    );
    return [...keys].flatMap((key) =>
      this.#storage.list(key, name).map((object): [string, KubeObject] => [key, object]),
    );
  }

  #empty(name: string): void {
    for (const [resource, object] of this.#content(name)) {
      const { deletionTimestamp } = object.metadata;
      const isThere = this.#storage.get(resource, name, object.metadata.name) !== undefined;
      if (deletionTimestamp === undefined && isThere)
        deleteObject(this.#storage, resource, object, this.#hasGracefulPods);
    }
    this.#finish(name);
  }

  #finish(name: string): void {
    if (this.#content(name).length > 0) return;
    this.#leaving.delete(name);
    if (this.#storage.get('namespaces', undefined, name) !== undefined)
      this.#storage.remove('namespaces', undefined, name);
  }
}
