import 'server-only';
import type { KindName } from '@/lib/kube/objects';
import type { Change } from '@/lib/state/change';
import type { Connection } from '@/lib/topology/model';

/** After an outage watchers come back one by one: what still fails after so long fails by itself. */
const GRACE_MS = 10_000;

/**
 * Tells an outage of the whole API server from a resource that fails by itself. In an outage the last known state stays
 * as it was and is shown as stale, with its age: turning every node `unknown` would hide it when it is needed most.
 */
export class OutageFilter {
  readonly #pass: (changes: readonly Change[]) => void;
  readonly #held = new Map<KindName, Change>();
  #outage = false;
  #grace: NodeJS.Timeout | undefined;

  constructor(pass: (changes: readonly Change[]) => void) {
    this.#pass = pass;
  }

  /** Passes changes on; `failing` waits while nothing gets through at all. */
  change(changes: readonly Change[]): void {
    if (!this.#holding && this.#held.size === 0) {
      this.#pass(changes);
      return;
    }
    this.#pass(changes.filter((change) => !this.#hold(change)));
  }

  connection(connection: Connection): void {
    const outage = connection === 'stale' || connection === 'unauthorized';
    if (outage === this.#outage) return;
    this.#outage = outage;
    clearTimeout(this.#grace);
    this.#grace = outage ? undefined : setTimeout(() => this.#release(), GRACE_MS).unref();
  }

  stop(): void {
    clearTimeout(this.#grace);
  }

  get #holding(): boolean {
    return this.#outage || this.#grace !== undefined;
  }

  #hold(change: Change): boolean {
    if (change.type !== 'coverage') return false;
    const { resource, state } = change.coverage;
    this.#held.delete(resource);
    if (state !== 'failing' || !this.#holding) return false;
    this.#held.set(resource, change);
    return true;
  }

  #release(): void {
    this.#grace = undefined;
    const held = [...this.#held.values()];
    this.#held.clear();
    if (held.length > 0) this.#pass(held);
  }
}
