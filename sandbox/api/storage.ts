// The cluster's objects in memory: versions, conflicts, finalizers, change events.
// Objects are frozen; their JSON is cached with them (see revision.ts).
import { randomUUID } from 'node:crypto';
import { ChangeQueue, type StorageEvent } from './change-queue';
import { deepFreeze, isEqual } from './json';
import { type Manager, manage } from './managed-fields';
import { hasGeneration, isReadyToGo, nextState, timestamp } from './object-state';
import { Revision } from './revision';
import { alreadyExists, conflict, notFound, StatusError } from './status';
import { Table } from './table';
import {
  type ChangeType,
  groupVersion,
  type KubeMetadata,
  type KubeObject,
  type ResourceInfo,
  resourceKey,
} from './types';

export type { StorageEvent } from './change-queue';
export type { ChangeType, KubeObject, ResourceInfo } from './types';

export type WriteOptions = {
  /** Who writes; recorded in managedFields. Nothing is recorded without it. */
  manager?: string;
  operation?: 'Apply' | 'Update';
  /** Answer what would be stored, and store nothing. */
  dryRun?: boolean;
};
export type CreateOptions = WriteOptions & {
  /** Keep uid, resourceVersion, creationTimestamp and generation as given (a served dump). */
  raw?: boolean;
};
export type UpdateOptions = WriteOptions & {
  /** Take only `status` from the given object. */
  status?: boolean;
};

export type StorageOptions = {
  now?: () => number;
  uid?: () => string;
  firstResourceVersion?: number;
  onListenerError?: (error: unknown) => void;
};

/** An in-memory stand-in for etcd and the API server's registry. */
export class Storage {
  readonly #tables = new Map<string, Table>();
  readonly #changes: ChangeQueue;
  readonly #now: () => number;
  readonly #uid: () => string;
  #version: number;

  constructor(options: StorageOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.#uid = options.uid ?? randomUUID;
    this.#version = options.firstResourceVersion ?? 1000;
    this.#changes = new ChangeQueue(options.onListenerError);
  }

  /** The version of the last write. */
  get resourceVersion(): number {
    return this.#version;
  }

  /** Makes a kind known; discovery shows it at once. A further version of a known resource joins it. */
  register(info: ResourceInfo): void {
    const key = resourceKey(info.group, info.resource);
    const table = this.#tables.get(key);
    if (table === undefined) {
      this.#tables.set(key, new Table(info));
      return;
    }
    const index = table.infos.findIndex((other) => other.version === info.version);
    if (index === -1) table.infos.push(info);
    else table.infos[index] = info;
  }

  /** Removes a kind with its objects; watchers see them deleted. */
  unregister(resource: string): void {
    for (const { object } of this.#tables.get(resource)?.snapshot() ?? []) {
      this.#erase(resource, object);
    }
    this.#tables.delete(resource);
  }

  /** Replaces the served versions of a registered resource. */
  replaceVersions(resource: string, infos: readonly ResourceInfo[]): void {
    const table = this.#tables.get(resource);
    if (table !== undefined && infos.length > 0) table.infos.splice(0, table.infos.length, ...infos);
  }

  /** Every registered version of every resource. */
  resources(): ResourceInfo[] {
    return [...this.#tables.values()].flatMap((table) => table.infos);
  }

  /** The kind behind a resource name (its preferred version, or the one asked for). */
  info(resource: string, version?: string): ResourceInfo | undefined {
    const infos = this.#tables.get(resource)?.infos;
    return version === undefined ? infos?.[0] : infos?.find((info) => info.version === version);
  }

  /** The resource name of an object, found by its apiVersion and kind. */
  resourceOf(object: { apiVersion: string; kind: string }): string | undefined {
    for (const [key, table] of this.#tables) {
      if (table.infos.some((info) => info.kind === object.kind && groupVersion(info) === object.apiVersion))
        return key;
    }
    return undefined;
  }

  /** Objects sorted by namespace and name; none for a resource that isn't registered. */
  list(resource: string, namespace?: string): KubeObject[] {
    return this.snapshot(resource, namespace).map((revision) => revision.object);
  }

  /** The same with cached bytes; the array never changes afterwards. */
  snapshot(resource: string, namespace?: string): readonly Revision[] {
    return this.#tables.get(resource)?.snapshot(namespace) ?? [];
  }

  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.revision(resource, namespace, name)?.object;
  }

  /** The object with its cached bytes. */
  revision(resource: string, namespace: string | undefined, name: string): Revision | undefined {
    return this.#tables.get(resource)?.get(namespace ?? '', name);
  }

  /** Adds an object: stamps uid, creationTimestamp, resourceVersion, generation. The object is frozen. */
  create(resource: string, object: KubeObject, options: CreateOptions = {}): KubeObject {
    const table = this.#table(resource);
    const namespace = table.info.namespaced ? (object.metadata.namespace ?? 'default') : '';
    const { name } = object.metadata;
    if (table.get(namespace, name) !== undefined) throw alreadyExists(table.info, name);
    const time = timestamp(this.#now());
    const metadata: KubeMetadata = { ...object.metadata, name };
    if (namespace !== '') metadata.namespace = namespace;
    const keep = options.raw === true ? object.metadata : undefined;
    metadata.uid = keep?.uid ?? this.#uid();
    metadata.creationTimestamp = keep?.creationTimestamp ?? time;
    if (keep === undefined) {
      if (hasGeneration(object)) metadata.generation = 1;
      delete metadata.deletionTimestamp;
      delete metadata.deletionGracePeriodSeconds;
    }
    const stamped = this.#stamp(undefined, { ...object, metadata }, options, time);
    if (options.dryRun === true) return stamped;
    const version = this.#nextVersion(keep?.resourceVersion);
    stamped.metadata.resourceVersion = keep?.resourceVersion ?? String(version);
    return this.#put('ADDED', resource, stamped, version);
  }

  /** Replaces an object (or only its status). A change of nothing changes nothing, not even the version. */
  update(resource: string, object: KubeObject, options: UpdateOptions = {}): KubeObject {
    const table = this.#table(resource);
    const { name, resourceVersion } = object.metadata;
    const namespace = table.info.namespaced ? (object.metadata.namespace ?? 'default') : '';
    const before = table.get(namespace, name)?.object;
    if (before === undefined) throw notFound(table.info, name);
    if (resourceVersion && resourceVersion !== before.metadata.resourceVersion)
      throw conflict(table.info, name);
    const after = nextState(before, object, options.status === true);
    if (isEqual(before, after)) return before;
    if (!isEqual(before.spec, after.spec) && hasGeneration(after)) {
      after.metadata.generation = (before.metadata.generation ?? 0) + 1;
    }
    const stamped = this.#stamp(
      before,
      after,
      options,
      timestamp(this.#now()),
      options.status ? 'status' : undefined,
    );
    if (options.dryRun === true) return stamped;
    const version = this.#nextVersion();
    stamped.metadata.resourceVersion = String(version);
    if (isReadyToGo(stamped)) return this.#erase(resource, stamped);
    return this.#put('MODIFIED', resource, stamped, version);
  }

  /** Sets deletionTimestamp; who finishes the deletion calls `remove` (or drops the last finalizer). */
  markDeleted(resource: string, namespace: string | undefined, name: string, graceSeconds = 0): KubeObject {
    const table = this.#table(resource);
    const before = table.get(namespace ?? '', name)?.object;
    if (before === undefined) throw notFound(table.info, name);
    const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = before.metadata;
    if (deletionTimestamp !== undefined && deletionGracePeriodSeconds <= graceSeconds) return before;
    const version = this.#nextVersion();
    const metadata: KubeMetadata = {
      ...before.metadata,
      deletionTimestamp: timestamp(this.#now() + graceSeconds * 1000),
      deletionGracePeriodSeconds: graceSeconds,
      resourceVersion: String(version),
    };
    if (metadata.generation !== undefined) metadata.generation += 1;
    return this.#put('MODIFIED', resource, { ...before, metadata }, version);
  }

  /** Deletes an object. One with finalizers is only marked, and goes with its last finalizer. */
  remove(resource: string, namespace: string | undefined, name: string): void {
    const table = this.#table(resource);
    const object = table.get(namespace ?? '', name)?.object;
    if (object === undefined) throw notFound(table.info, name);
    if ((object.metadata.finalizers?.length ?? 0) > 0) this.markDeleted(resource, namespace, name, 0);
    else this.#erase(resource, object);
  }

  /** Calls back on every write, in order, also for writes made inside a listener. Returns how to stop. */
  onChange(listener: (event: StorageEvent) => void): () => void {
    return this.#changes.subscribe(listener);
  }

  #table(resource: string): Table {
    const table = this.#tables.get(resource);
    if (table === undefined) {
      throw new StatusError(404, 'NotFound', `the server doesn't have a resource type "${resource}"`, {});
    }
    return table;
  }

  #nextVersion(given?: string): number {
    const floor = given === undefined ? 0 : Number.parseInt(given, 10);
    this.#version = Math.max(this.#version + 1, Number.isSafeInteger(floor) ? floor : 0);
    return this.#version;
  }

  #stamp(
    before: KubeObject | undefined,
    after: KubeObject,
    options: WriteOptions,
    time: string,
    subresource?: string,
  ): KubeObject {
    if (options.manager === undefined) return after;
    const manager: Manager = { name: options.manager };
    if (options.operation !== undefined) manager.operation = options.operation;
    if (subresource !== undefined) manager.subresource = subresource;
    return { ...after, metadata: { ...after.metadata, managedFields: manage(before, after, manager, time) } };
  }

  #put(type: 'ADDED' | 'MODIFIED', resource: string, object: KubeObject, version: number): KubeObject {
    const table = this.#table(resource);
    const { namespace = '', name } = object.metadata;
    const oldRevision = table.get(namespace, name);
    const revision = new Revision(deepFreeze(object), version);
    table.set(namespace, name, revision);
    this.#emit(type, resource, revision, oldRevision);
    return object;
  }

  #erase(resource: string, object: KubeObject): KubeObject {
    const table = this.#table(resource);
    const { namespace = '', name } = object.metadata;
    const oldRevision = table.get(namespace, name);
    const version = this.#nextVersion();
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    table.delete(namespace, name);
    this.#emit('DELETED', resource, new Revision(deepFreeze(last), version), oldRevision);
    return last;
  }

  #emit(type: ChangeType, resource: string, revision: Revision, oldRevision: Revision | undefined): void {
    const event: StorageEvent = { type, resource, object: revision.object, revision };
    if (oldRevision !== undefined) {
      event.old = oldRevision.object;
      event.oldRevision = oldRevision;
    }
    this.#changes.emit(event);
  }
}
