/* Puts loaded objects into the storage: as `kubectl apply` would, or exactly as they are (a dump). */
import { Admission } from '../api/admission/admission';
import { StatusError } from '../api/status';
import type { Storage, KubeObject as StoredObject } from '../api/storage';
import { sandboxAnnotation } from '../controllers/cluster';
import { namespaceObject } from '../controllers/cluster-basics';
import type { LoadedObject } from './documents';
import { LoadError } from './load-error';

const DEFAULT_MANAGER = 'kubectl-client-side-apply';

/** Creates the namespaces that objects name and nobody defines; returns their names. */
export function createMissingNamespaces(storage: Storage, objects: readonly LoadedObject[]): string[] {
  const defined = new Set(
    objects.filter(({ object }) => object.kind === 'Namespace').map(({ object }) => object.metadata.name),
  );
  const missing = new Set<string>();
  for (const { object } of objects) {
    const info = storage.info(storage.resourceOf(object) ?? '');
    const namespace = object.metadata.namespace ?? 'default';
    if (!info?.namespaced || defined.has(namespace) || storage.get('namespaces', undefined, namespace))
      continue;
    missing.add(namespace);
  }
  for (const name of missing)
    storage.create('namespaces', namespaceObject(name) as StoredObject, { manager: DEFAULT_MANAGER });
  return [...missing].sort();
}

/** Applies objects with the API server's defaults and validation. */
export class Applier {
  private readonly admission: Admission;

  constructor(private readonly storage: Storage) {
    this.admission = new Admission(storage);
  }

  /** Creates or replaces one object; throws a LoadError in the words of a cluster. */
  apply({ object, place }: LoadedObject): void {
    const resource = this.storage.resourceOf(object) ?? '';
    const info = this.storage.info(resource);
    if (!info) throw new LoadError([`${place}: unknown kind ${object.kind}`]);
    const manager = sandboxAnnotation(object, 'manager') ?? DEFAULT_MANAGER;
    // What a cluster decides for itself: an exported manifest may still carry it.
    const {
      uid: _u,
      resourceVersion: _r,
      creationTimestamp: _c,
      managedFields: _m,
      generation: _g,
      deletionTimestamp: _d,
      ownerReferences: _o,
      ...metadata
    } = object.metadata;
    const { status: _status, ...rest } = object;
    const keepsOwner =
      !['pods', 'replicasets.apps'].includes(resource) && _o !== undefined ? { ownerReferences: _o } : {};
    const next = {
      ...rest,
      metadata: {
        ...metadata,
        ...keepsOwner,
        ...(info.namespaced ? { namespace: metadata.namespace ?? 'default' } : { namespace: undefined }),
      },
    } as StoredObject;
    if (!info.namespaced) delete next.metadata.namespace;
    const old = this.storage.get(resource, next.metadata.namespace, next.metadata.name);
    try {
      if (!old) this.storage.create(resource, this.admission.admit(info, next), { manager });
      else
        this.storage.update(
          resource,
          this.admission.admit(
            info,
            { ...next, ...(old.status === undefined ? {} : { status: old.status }) },
            old,
          ),
          { manager },
        );
    } catch (error) {
      if (error instanceof StatusError) throw new LoadError([`${place}: ${error.message}`]);
      throw error;
    }
  }
}

/** Stores the objects of a dump untouched; the last of several with one name counts. Returns notes. */
export function storeRaw(storage: Storage, objects: readonly LoadedObject[]): string[] {
  const notes: string[] = [];
  for (const { object, place } of objects) {
    const resource = storage.resourceOf(object) ?? '';
    const { namespace, name } = object.metadata;
    if (
      storage.get(resource, namespace ?? (storage.info(resource)?.namespaced ? 'default' : undefined), name)
    ) {
      notes.push(`${place}: ${object.kind} ${name} is there twice: this one counts`);
      storage.remove(resource, namespace, name);
    }
    storage.create(resource, object as StoredObject, { raw: true });
  }
  return notes;
}
