/* Events as a cluster writes them: repeats are counted in place, old ones are dropped. */
import { randomBytes } from 'node:crypto';
import type { Storage, KubeObject as StoredObject } from '../api/storage';
import type { Scheduler } from './scheduler';
import type { KubeObject } from './shapes';

export interface EventInput {
  readonly about: KubeObject;
  readonly apiVersion: string;
  readonly kind: string;
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
  readonly host?: string;
  readonly fieldPath?: string;
}

const MAX_EVENTS = 1000;
const LIFETIME_MS = 60 * 60_000;

interface Known {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  lastAt: number;
}

/** Writes `v1` Events into the storage, at most 1000, none older than an hour. */
export class EventWriter {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly storage: Storage,
    private readonly scheduler: Scheduler,
  ) {}

  write(input: EventInput): void {
    const { about, reason, message } = input;
    const key = `${about.metadata.uid}|${reason}|${message}|${input.fieldPath ?? ''}`;
    this.dropOld();
    const known = this.known.get(key);
    const stored = known && this.storage.get('events', known.namespace, known.name);
    if (known && stored) {
      const event = structuredClone(stored) as KubeObject & { count: number; lastTimestamp: string };
      event.count += 1;
      event.lastTimestamp = this.scheduler.timestamp();
      this.storage.update('events', event as StoredObject, { manager: input.component });
      // Re-inserted, so that the map stays in order of the last sighting.
      this.known.delete(key);
      this.known.set(key, { ...known, lastAt: this.scheduler.now() });
      return;
    }
    const event = this.build(input);
    this.storage.create('events', event as StoredObject, { manager: input.component });
    this.known.set(key, {
      key,
      namespace: event.metadata.namespace ?? 'default',
      name: event.metadata.name,
      lastAt: this.scheduler.now(),
    });
  }

  private build(input: EventInput): KubeObject {
    const { metadata } = input.about;
    const namespace = metadata.namespace ?? 'default';
    const time = this.scheduler.timestamp();
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${metadata.name}.${randomBytes(8).toString('hex')}`, namespace },
      involvedObject: {
        kind: input.kind,
        ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
        name: metadata.name,
        uid: metadata.uid,
        apiVersion: input.apiVersion,
        resourceVersion: metadata.resourceVersion,
        ...(input.fieldPath ? { fieldPath: input.fieldPath } : {}),
      },
      reason: input.reason,
      message: input.message,
      source: { component: input.component, ...(input.host ? { host: input.host } : {}) },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      type: input.type ?? 'Normal',
      eventTime: null,
      reportingComponent: input.component,
      reportingInstance: input.host ?? '',
    };
  }

  private dropOld(): void {
    const oldest = this.scheduler.now() - LIFETIME_MS;
    for (const known of this.known.values()) {
      if (known.lastAt >= oldest && this.known.size < MAX_EVENTS) return;
      this.known.delete(known.key);
      if (this.storage.get('events', known.namespace, known.name))
        this.storage.remove('events', known.namespace, known.name);
    }
  }
}
