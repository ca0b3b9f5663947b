import 'server-only';
import type { ConfigMap, Secret } from '@/lib/kube/objects';
import { projectConfigMap } from '@/lib/kube/project/config-map';
import { Interner } from '@/lib/kube/project/interner';
import { type Raw, record } from '@/lib/kube/project/raw';
import { share } from '@/lib/kube/project/share';
import { type ObjectKey, splitKey } from '@/lib/kube/refs';
import type { ObjectChange, ResourceCoverage } from '@/lib/state/change';
import type { SecretFact } from '@/lib/state/facts';
import { asApiError, statusError } from './api-error';
import { type Clock, sleep } from './clock';
import type { KubeClient } from './kube-client';
import { projectSecret } from './secret-facts';
import type { ResourceStats } from './stats';
import type { Timing } from './timing';

/** What is read by name alone: Secrets that Ingresses name, and ConfigMaps that controllers read. */
export type NamedKind = 'secrets' | 'configmaps';

export interface NamedGetterOptions {
  readonly kind: NamedKind;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Namespaces that may be read; empty: all. */
  readonly namespaces: readonly string[];
  readonly stats: ResourceStats;
  readonly onObject: (change: ObjectChange) => void;
  readonly onFact: (key: ObjectKey, fact: SecretFact | null) => void;
  readonly onCoverage: (coverage: ResourceCoverage) => void;
}

interface Wanted {
  /** Monotonic ms at which to ask (again). */
  due: number;
  asking: boolean;
  fact: SecretFact | null;
  object: Secret | ConfigMap | null;
  /** Monotonic ms since when it could not be asked for; null: the last answer was one. */
  failingSince: number | null;
}

interface Family {
  readonly onDemand: Pick<ResourceCoverage, 'state' | 'reason'>;
  readonly noun: string;
  readonly project: (raw: Raw, interner: Interner) => Secret | ConfigMap | null;
  readonly presentAgain: keyof Timing;
}

const FAMILIES: Readonly<Record<NamedKind, Family>> = {
  secrets: {
    onDemand: { state: 'on-demand', reason: 'only Secrets that something refers to are read, by name' },
    noun: 'Secrets',
    project: projectSecret,
    presentAgain: 'secretPresentAgain',
  },
  configmaps: {
    onDemand: {
      state: 'on-demand',
      reason: 'only ConfigMaps that a controller reads are asked for, by name',
    },
    noun: 'ConfigMaps',
    project: projectConfigMap,
    presentAgain: 'configMapAgain',
  },
};

const CONCURRENCY = 8;
const TICK = 100;

/** Asks for the objects that something refers to, by name: the only permission it needs is `get`. */
export class NamedGetter {
  readonly #options: NamedGetterOptions;
  readonly #family: Family;
  readonly #wanted = new Map<ObjectKey, Wanted>();
  readonly #interner = new Interner();
  #running = 0;
  #lastError = '';

  constructor(options: NamedGetterOptions) {
    this.#options = options;
    this.#family = FAMILIES[options.kind];
    options.onCoverage({ resource: options.kind, ...this.#family.onDemand });
  }

  /** Replaces the set of wanted objects; new ones are asked for at once, dropped ones are forgotten. */
  setWanted(keys: Iterable<ObjectKey>): void {
    const wanted = new Set(keys);
    for (const [key, entry] of this.#wanted) {
      if (wanted.has(key)) continue;
      this.#wanted.delete(key);
      if (entry.object !== null) this.#tell(key, null);
      if (entry.fact !== null) this.#options.onFact(key, null);
    }
    for (const key of wanted) {
      if (this.#wanted.has(key)) continue;
      this.#wanted.set(key, { due: 0, asking: false, fact: null, object: null, failingSince: null });
    }
    this.#ask();
  }

  /** Asks for what falls due until the signal aborts. */
  async run(): Promise<void> {
    const { clock, signal } = this.#options;
    while (!signal.aborted) {
      this.#ask();
      await sleep(clock, TICK, signal);
    }
  }

  #ask(): void {
    const now = this.#options.clock.monotonic();
    for (const [key, entry] of this.#wanted) {
      if (this.#running >= CONCURRENCY || this.#options.signal.aborted) return;
      if (entry.asking || entry.due > now) continue;
      // To the back of the queue: where there is more to ask than time, everyone gets a turn.
      this.#wanted.delete(key);
      this.#wanted.set(key, entry);
      entry.asking = true;
      this.#running += 1;
      void this.#get(key, entry).finally(() => {
        entry.asking = false;
        this.#running -= 1;
        this.#report();
        this.#ask();
      });
    }
  }

  async #get(key: ObjectKey, entry: Wanted): Promise<void> {
    const { client, signal, timing, clock, stats, namespaces, kind } = this.#options;
    const { namespace, name } = splitKey(key);
    if (namespaces.length > 0 && !namespaces.includes(namespace)) {
      this.#settle(key, entry, null, {
        state: 'unreadable',
        reason: `namespace ${namespace} is not among ATLAS_NAMESPACES`,
      });
      this.#later(entry, timing[this.#family.presentAgain]);
      return;
    }
    try {
      stats.lists += 1;
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/${kind}/${encodeURIComponent(name)}`;
      const { status, body } = await client.json(path, { signal, answerWithin: timing.answerWithin });
      entry.failingSince = null;
      this.#take(key, entry, status, body);
    } catch (thrown) {
      const error = asApiError(thrown);
      if (signal.aborted) return;
      if (error.kind === 'unauthorized') client.refresh();
      stats.errors += 1;
      this.#lastError = error.message;
      // What we knew stands; the connection's state says that it is old.
      entry.failingSince ??= clock.monotonic();
      this.#later(entry, Math.max(timing.secretMissingAgain, error.retryAfter));
    }
  }

  #take(key: ObjectKey, entry: Wanted, status: number, body: unknown): void {
    const { timing } = this.#options;
    if (status === 200) {
      const object = this.#family.project(record(body), this.#interner);
      this.#settle(key, entry, object, { state: 'present', reason: '' });
      this.#later(entry, timing[this.#family.presentAgain]);
    } else if (status === 404) {
      this.#settle(key, entry, null, { state: 'missing', reason: '' });
      this.#later(entry, timing.secretMissingAgain);
    } else {
      const { message } = statusError(status, JSON.stringify(body));
      this.#settle(key, entry, null, { state: 'unreadable', reason: message });
      this.#later(entry, timing.forbiddenAgain);
    }
  }

  /** Spread by a fifth either way, so that a thousand objects don't fall due together for ever. */
  #later(entry: Wanted, ms: number): void {
    const { clock, random } = this.#options;
    entry.due = clock.monotonic() + ms * (0.8 + random() * 0.4);
  }

  #settle(key: ObjectKey, entry: Wanted, next: Wanted['object'], fact: SecretFact): void {
    const { onFact, stats } = this.#options;
    // Not wanted any more while the answer was on its way.
    if (this.#wanted.get(key) !== entry) return;
    const object = next !== null && entry.object !== null ? share(entry.object, next) : next;
    if (object !== entry.object) {
      stats.objects += (object === null ? 0 : 1) - (entry.object === null ? 0 : 1);
      entry.object = object;
      this.#tell(key, object);
    }
    if (entry.fact?.state === fact.state && entry.fact.reason === fact.reason) return;
    entry.fact = fact;
    onFact(key, fact);
  }

  #tell(key: ObjectKey, object: Wanted['object']): void {
    // The kind decides the projection, which the compiler does not follow.
    this.#options.onObject({ kind: this.#options.kind, key, object } as ObjectChange);
  }

  #report(): void {
    this.#options.onCoverage({ resource: this.#options.kind, ...this.#verdict() });
  }

  #verdict(): Pick<ResourceCoverage, 'state' | 'reason'> {
    const { clock, timing } = this.#options;
    const entries = [...this.#wanted.values()];
    const longAgo = clock.monotonic() - timing.failingAfter;
    if (entries.some(({ failingSince }) => failingSince !== null && failingSince < longAgo)) {
      return { state: 'failing', reason: this.#lastError };
    }
    const unreadable = entries.filter(({ fact }) => fact?.state === 'unreadable');
    if (unreadable.length === 0) return this.#family.onDemand;
    if (entries.some(({ fact }) => fact !== null && fact.state !== 'unreadable')) {
      return {
        state: 'on-demand',
        reason: `${unreadable.length} of ${entries.length} referenced ${this.#family.noun} may not be read`,
      };
    }
    return { state: 'forbidden', reason: unreadable[0]?.fact?.reason ?? '' };
  }
}
