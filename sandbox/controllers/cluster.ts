/*
 * What every simulated controller gets: typed access to the storage, a clock, work queues that
 * merge repeated keys, and Events. Controllers never talk to each other, only through objects.
 */
import type { Storage, StorageEvent, KubeObject as StoredObject, UpdateOptions } from '../api/storage';
import { AddressPool } from './addresses';
import { type EventInput, EventWriter } from './events';
import type { Scheduler } from './scheduler';
import type { KubeObject, Labels, OwnerReference } from './shapes';

/** The prefix of every annotation that steers the sandbox. */
export const SANDBOX_PREFIX = 'sandbox.ingress-atlas.dev/';

export interface ControllerDefinition {
  readonly name: string;
  /** Which keys (`namespace/name`) a change makes due; undefined for none. */
  readonly watches: Readonly<Record<string, (event: StorageEvent, cluster: Cluster) => readonly string[]>>;
  readonly reconcile: (cluster: Cluster, namespace: string, name: string) => void;
  /** Waits this long so that a burst of changes costs one run. */
  readonly delayMs?: number;
}

/** The controllers' view of the sandbox cluster. */
export class Cluster {
  readonly addresses = new AddressPool();
  /** The kubelet's memory of each pod, by uid. */
  readonly runs = new Map<string, { behaviour: string; stage: 'created' | 'started' }>();
  private readonly events: EventWriter;
  private unsubscribe: () => void = () => undefined;

  constructor(
    readonly storage: Storage,
    readonly scheduler: Scheduler,
  ) {
    this.events = new EventWriter(storage, scheduler);
  }

  /** Starts the controllers; objects that are stored already are reconciled too. */
  start(definitions: readonly ControllerDefinition[]): void {
    const queues = definitions.map((definition) => ({ definition, enqueue: this.queue(definition) }));
    const dispatch = (event: StorageEvent): void => {
      for (const { definition, enqueue } of queues) {
        const keysOf = definition.watches[event.resource];
        if (keysOf) for (const key of keysOf(event, this)) enqueue(key);
      }
    };
    this.unsubscribe = this.storage.onChange(dispatch);
    const resources = new Set(definitions.flatMap((definition) => Object.keys(definition.watches)));
    for (const resource of resources)
      for (const object of this.list<KubeObject>(resource))
        dispatch({ type: 'ADDED', resource, object } as unknown as StorageEvent);
  }

  close(): void {
    this.unsubscribe();
    this.scheduler.close();
  }

  get<T extends KubeObject>(resource: string, namespace: string | undefined, name: string): T | undefined {
    const found = this.storage.get(resource, namespace || undefined, name);
    // Structured access to stored JSON: the shapes are partial views, see shapes.ts.
    return found ? (structuredClone(found) as unknown as T) : undefined;
  }

  /** Stored objects, not copies: never change them. */
  list<T extends KubeObject>(resource: string, namespace?: string): readonly T[] {
    return this.storage.list(resource, namespace) as unknown as readonly T[];
  }

  create<T extends KubeObject>(resource: string, object: T, manager = 'kube-controller-manager'): void {
    this.storage.create(resource, object as StoredObject, { manager });
  }

  /** Writes metadata and spec; writing what is stored already changes nothing. */
  update<T extends KubeObject>(resource: string, object: T, manager = 'kube-controller-manager'): void {
    this.write(resource, object, { manager });
  }

  /** Writes the status only. */
  updateStatus<T extends KubeObject>(resource: string, object: T, manager = 'kube-controller-manager'): void {
    this.write(resource, object, { manager, status: true });
  }

  remove(resource: string, namespace: string | undefined, name: string): void {
    if (this.storage.get(resource, namespace, name)) this.storage.remove(resource, namespace, name);
  }

  /** Starts a graceful deletion; whoever owns the object's life ends it. */
  terminate(resource: string, namespace: string, name: string, graceSeconds = 30): void {
    if (this.storage.get(resource, namespace, name)?.metadata.deletionTimestamp === undefined)
      this.storage.markDeleted(resource, namespace, name, graceSeconds);
  }

  event(input: EventInput): void {
    this.events.write(input);
  }

  private write(resource: string, object: KubeObject, options: UpdateOptions): void {
    const { namespace, name } = object.metadata;
    if (!this.storage.get(resource, namespace, name)) return;
    // Everything between the read and this write was synchronous: there is nothing to conflict with.
    const { resourceVersion: _, ...metadata } = object.metadata;
    this.storage.update(resource, { ...object, metadata } as StoredObject, options);
  }

  private queue(definition: ControllerDefinition): (key: string) => void {
    const waiting = new Set<string>();
    return (key) => {
      if (waiting.has(key)) return;
      waiting.add(key);
      this.scheduler.after(definition.delayMs ?? 20, () => {
        waiting.delete(key);
        const slash = key.indexOf('/');
        definition.reconcile(this, key.slice(0, slash), key.slice(slash + 1));
      });
    };
  }
}

/** `namespace/name` of an object. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** The usual watch: the changed object's own key. */
export const own = (event: StorageEvent): readonly string[] => [keyOf(event.object as unknown as KubeObject)];

/** The key of the controlling owner of `kind`, if there is one. */
export function ownerKey(kind: string): (event: StorageEvent) => readonly string[] {
  return (event) => {
    const object = event.object as unknown as KubeObject;
    const owner = controllerOf(object);
    return owner?.kind === kind ? [`${object.metadata.namespace ?? ''}/${owner.name}`] : [];
  };
}

/** The owner that controls an object. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller);
}

/** An owner reference that makes `owner` the controller of a new object. */
export function controlledBy(owner: KubeObject, apiVersion: string, kind: string): OwnerReference[] {
  const { name, uid = '' } = owner.metadata;
  return [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }];
}

/** True if the owner is what controls the object (by uid). */
export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}

/** True if every label asked for is there; an empty selector of a Service selects nothing. */
export function hasLabels(labels: Labels | undefined, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels?.[key] === value);
}

/** The value of a sandbox annotation. */
export function sandboxAnnotation(object: KubeObject | undefined, name: string): string | undefined {
  return object?.metadata.annotations?.[SANDBOX_PREFIX + name];
}
