/** Hold times: a finding is shown at once and settles when its condition has held (TRUTH "Judging"). */
import { WakeHeap } from '@/lib/state/wake-heap';
import type { Finding } from '@/lib/topology/model';
import { type Draft, isoTime } from './draft';

/** When a condition was first seen; `preexisting`: it was already so when this process first looked. */
export interface Sighting {
  readonly firstSeen: number;
  readonly preexisting: boolean;
}

/** The explicit, serialisable memory of a build. */
export interface Observations {
  readonly sightings: Readonly<Record<string, Sighting>>;
  /** Addresses that a load balancer of this cluster had before. */
  readonly formerAddresses: readonly string[];
}

export const NO_OBSERVATIONS: Observations = { sightings: {}, formerAddresses: [] };

/** Turns drafts into findings and remembers when each was first seen. */
export class Settler {
  readonly #sightings: Map<string, Sighting>;
  readonly #drafts = new Map<string, Draft>();
  readonly #due = new WakeHeap<string>();

  constructor(sightings: Readonly<Record<string, Sighting>>) {
    this.#sightings = new Map(Object.entries(sightings));
  }

  get sightings(): Readonly<Record<string, Sighting>> {
    return Object.fromEntries(this.#sightings);
  }

  /** When the next hold time falls due (epoch ms); null when none runs. */
  get nextDue(): number | null {
    return this.#due.next();
  }

  /** A condition as it is now. `first`: nothing has been published yet. */
  put(draft: Draft, now: number, first: boolean): Finding {
    this.#drafts.set(draft.id, draft);
    if (!this.#sightings.has(draft.id)) this.#sightings.set(draft.id, { firstSeen: now, preexisting: first });
    return this.#finding(draft, now);
  }

  /** The condition is over: the next time counts from anew. */
  drop(id: string): void {
    this.#drafts.delete(id);
    this.#sightings.delete(id);
  }

  /** Findings whose hold time fell due by `now`. */
  settled(now: number): readonly Finding[] {
    const ids = new Set(this.#due.due(now));
    return [...ids].flatMap((id) => {
      const draft = this.#drafts.get(id);
      return draft ? [this.#finding(draft, now)] : [];
    });
  }

  #finding(draft: Draft, now: number): Finding {
    const { holdMs, startedAt, ...rest } = draft;
    const sighting = this.#sightings.get(draft.id) as Sighting;
    const due = (startedAt ?? sighting.firstSeen) + holdMs;
    if (due > now) this.#due.push(due, draft.id);
    const since = startedAt ?? (sighting.preexisting ? null : sighting.firstSeen);
    return { ...rest, settled: due <= now, since: since === null ? null : isoTime(since) };
  }
}
