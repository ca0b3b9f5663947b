import 'server-only';
import type { Secret } from '@/lib/kube/objects';
import { Interner } from '@/lib/kube/project/interner';
import { record } from '@/lib/kube/project/raw';
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

export interface SecretGetterOptions {
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
  secret: Secret | null;
  /** Monotonic ms since when it could not be asked for; null: the last answer was one. */
  failingSince: number | null;
}

const ON_DEMAND = {
  state: 'on-demand',
  reason: 'only Secrets that something refers to are read, by name',
} as const;
const CONCURRENCY = 8;
const TICK = 100;

/** Asks for the Secrets that something refers to, by name: the only permission it needs is `get`. */
export class SecretGetter {
  readonly #options: SecretGetterOptions;
  readonly #wanted = new Map<ObjectKey, Wanted>();
  readonly #interner = new Interner();
  #running = 0;
  #lastError = '';

  constructor(options: SecretGetterOptions) {
    this.#options = options;
    options.onCoverage({ resource: 'secrets', ...ON_DEMAND });
  }

  /** Replaces the set of wanted Secrets; new ones are asked for at once, dropped ones are forgotten. */
  setWanted(keys: Iterable<ObjectKey>): void {
    const wanted = new Set(keys);
    for (const [key, entry] of this.#wanted) {
      if (wanted.has(key)) continue;
      this.#wanted.delete(key);
      if (entry.secret !== null) this.#options.onObject({ kind: 'secrets', key, object: null });
      if (entry.fact !== null) this.#options.onFact(key, null);
    }
    for (const key of wanted) {
      if (this.#wanted.has(key)) continue;
      this.#wanted.set(key, { due: 0, asking: false, fact: null, secret: null, failingSince: null });
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
    const { client, signal, timing, clock, stats, namespaces } = this.#options;
    const { namespace, name } = splitKey(key);
    if (namespaces.length > 0 && !namespaces.includes(namespace)) {
      this.#settle(key, entry, null, {
        state: 'unreadable',
        reason: `namespace ${namespace} is not among ATLAS_NAMESPACES`,
      });
      this.#later(entry, timing.secretPresentAgain);
      return;
    }
    try {
      stats.lists += 1;
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
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
      const secret = projectSecret(record(body), this.#interner);
      this.#settle(key, entry, secret, { state: 'present', reason: '' });
      this.#later(entry, timing.secretPresentAgain);
    } else if (status === 404) {
      this.#settle(key, entry, null, { state: 'missing', reason: '' });
      this.#later(entry, timing.secretMissingAgain);
    } else {
      const { message } = statusError(status, JSON.stringify(body));
      this.#settle(key, entry, null, { state: 'unreadable', reason: message });
      this.#later(entry, timing.forbiddenAgain);
    }
  }

  /** Spread by a fifth either way, so that a thousand Secrets don't fall due together for ever. */
  #later(entry: Wanted, ms: number): void {
    const { clock, random } = this.#options;
    entry.due = clock.monotonic() + ms * (0.8 + random() * 0.4);
  }

  #settle(key: ObjectKey, entry: Wanted, next: Secret | null, fact: SecretFact): void {
    const { onObject, onFact, stats } = this.#options;
    // Not wanted any more while the answer was on its way.
    if (this.#wanted.get(key) !== entry) return;
    const secret = next !== null && entry.secret !== null ? share(entry.secret, next) : next;
    if (secret !== entry.secret) {
      stats.objects += (secret === null ? 0 : 1) - (entry.secret === null ? 0 : 1);
      entry.secret = secret;
      onObject({ kind: 'secrets', key, object: secret });
    }
    if (entry.fact?.state === fact.state && entry.fact.reason === fact.reason) return;
    entry.fact = fact;
    onFact(key, fact);
  }

  #report(): void {
    this.#options.onCoverage({ resource: 'secrets', ...this.#verdict() });
  }

  #verdict(): Pick<ResourceCoverage, 'state' | 'reason'> {
    const { clock, timing } = this.#options;
    const entries = [...this.#wanted.values()];
    const longAgo = clock.monotonic() - timing.failingAfter;
    if (entries.some(({ failingSince }) => failingSince !== null && failingSince < longAgo)) {
      return { state: 'failing', reason: this.#lastError };
    }
    const unreadable = entries.filter(({ fact }) => fact?.state === 'unreadable');
    if (unreadable.length === 0) return ON_DEMAND;
    if (entries.some(({ fact }) => fact !== null && fact.state !== 'unreadable')) {
      return {
        state: 'on-demand',
        reason: `${unreadable.length} of ${entries.length} referenced Secrets may not be read`,
      };
    }
    return { state: 'forbidden', reason: unreadable[0]?.fact?.reason ?? '' };
  }
}
