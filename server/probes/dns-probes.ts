import 'server-only';
import { getServers } from 'node:dns';
import { equalData } from '@/lib/kube/project/share';
import type { DnsAnswer, DnsFact } from '@/lib/state/facts';
import { type Clock, sleep, systemClock } from '@/server/cluster/clock';
import { Limiter } from '@/server/cluster/limiter';
import { askableName, PointOfView } from './dns-resolve';

/** Milliseconds, but for `tries`. */
export interface DnsTiming {
  readonly timeout: number;
  readonly tries: number;
  /** An answer is asked for again after its TTL, within these bounds. */
  readonly again: readonly [least: number, most: number];
  /** A failure is asked for again after a time drawn from these bounds. */
  readonly failedAgain: readonly [least: number, most: number];
  readonly tick: number;
}

const DNS_TIMING: DnsTiming = {
  timeout: 2_000,
  tries: 2,
  again: [5_000, 60_000],
  failedAgain: [5_000, 10_000],
  tick: 100,
};
const CONCURRENCY = 16;
/** Names begun in one tick (a tenth of a second), each with three queries: a shared DNS server is nobody's to flood. */
const NAMES_PER_TICK = 20;
/** So often an address family that could not be asked keeps its last answer, while the other still has one. */
const MOST_KEPT = 3;

export interface DnsProbesOptions {
  /** Empty: the servers of this system. */
  readonly servers: readonly string[];
  /** Called only when an answer changes in substance (not for its age or TTL); null: not wanted any more. */
  readonly onFact: (name: string, fact: DnsFact | null) => void;
  /** Called after each question that was asked, with the milliseconds that its answer took. */
  readonly onAsked?: (outcome: DnsAnswer['outcome'], ms: number) => void;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly timing?: Partial<DnsTiming>;
}

export interface DnsProbes {
  readonly servers: readonly string[];
  /** Replaces the hosts to be resolved; wildcards, addresses and local names are left out. */
  setWanted(hosts: Iterable<string>): void;
  stop(): void;
}

interface View {
  answer: DnsAnswer | null;
  /** Monotonic ms at which to ask. */
  due: number;
  asking: boolean;
  kept: number;
}

type Entry = { readonly views: readonly View[]; published: DnsFact | null };

/** A name whose A records came while AAAA timed out (or the other way round) has not lost its other addresses. */
function mended(next: DnsAnswer, view: View): DnsAnswer {
  const last = view.answer;
  const lostFour = next.a.length === 0 && (last?.a.length ?? 0) > 0;
  const lostSix = next.aaaa.length === 0 && (last?.aaaa.length ?? 0) > 0;
  if (last === null || next.outcome !== 'ok' || !(lostFour || lostSix) || view.kept >= MOST_KEPT) {
    view.kept = 0;
    return next;
  }
  view.kept += 1;
  return { ...next, a: lostFour ? last.a : next.a, aaaa: lostSix ? last.aaaa : next.aaaa };
}

function substance({ server, outcome, a, aaaa, cnames }: DnsAnswer): unknown {
  return [server, outcome, a, aaaa, cnames];
}

class RunningProbes implements DnsProbes {
  readonly #points: readonly PointOfView[];
  readonly #entries = new Map<string, Entry>();
  readonly #stop = new AbortController();
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #timing: DnsTiming;
  readonly #onFact: DnsProbesOptions['onFact'];
  readonly #onAsked: DnsProbesOptions['onAsked'];

  constructor(options: DnsProbesOptions) {
    const { servers, onFact, onAsked, clock = systemClock, random = Math.random, timing } = options;
    this.#clock = clock;
    this.#random = random;
    this.#timing = { ...DNS_TIMING, ...timing };
    this.#onFact = onFact;
    this.#onAsked = onAsked;
    const wanted = [...new Set(servers.length > 0 ? servers : getServers())];
    const { timeout, tries } = this.#timing;
    // Each its own share: a dead server must not hold up the others.
    const share = Math.max(1, Math.floor(CONCURRENCY / wanted.length));
    this.#points = wanted.map(
      (server) =>
        new PointOfView(server, {
          timeout,
          tries,
          limiter: new Limiter(share),
          now: () => this.#clock.now(),
        }),
    );
    void this.#run();
  }

  get servers(): readonly string[] {
    return this.#points.map(({ server }) => server);
  }

  setWanted(hosts: Iterable<string>): void {
    const names = new Set<string>();
    for (const host of hosts) {
      const name = askableName(host);
      if (name !== null) names.add(name);
    }
    for (const [name, entry] of this.#entries) {
      if (names.has(name)) continue;
      this.#entries.delete(name);
      if (entry.published !== null) this.#onFact(name, null);
    }
    for (const name of names) {
      if (this.#entries.has(name)) continue;
      const views = this.#points.map(() => ({ answer: null, due: 0, asking: false, kept: 0 }));
      this.#entries.set(name, { views, published: null });
    }
  }

  stop(): void {
    this.#stop.abort();
    this.#entries.clear();
    for (const point of this.#points) point.stop();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#tick();
      await sleep(this.#clock, this.#timing.tick, signal);
    }
  }

  #tick(): void {
    const now = this.#clock.monotonic();
    let left = NAMES_PER_TICK;
    const begun: [string, Entry][] = [];
    for (const [name, entry] of this.#entries) {
      let asks = false;
      for (const [i, view] of entry.views.entries()) {
        const point = this.#points[i];
        if (view.asking || view.due > now || point === undefined) continue;
        asks = true;
        void this.#ask(point, name, entry, view);
      }
      if (!asks) continue;
      begun.push([name, entry]);
      left -= 1;
      if (left === 0) break;
    }
    // To the back of the queue: where there is more to ask than time, everyone gets a turn.
    for (const [name, entry] of begun) {
      this.#entries.delete(name);
      this.#entries.set(name, entry);
    }
  }

  async #ask(point: PointOfView, name: string, entry: Entry, view: View): Promise<void> {
    view.asking = true;
    const began = this.#clock.monotonic();
    const answer = await point.ask(name);
    this.#onAsked?.(answer.outcome, this.#clock.monotonic() - began);
    view.asking = false;
    if (this.#stop.signal.aborted || this.#entries.get(name) !== entry) return;
    view.due = this.#clock.monotonic() + this.#wait(answer);
    view.answer = mended(answer, view);
    this.#publish(name, entry);
  }

  #wait({ outcome, ttl }: DnsAnswer): number {
    const { again, failedAgain } = this.#timing;
    if (outcome !== 'ok') return failedAgain[0] + this.#random() * (failedAgain[1] - failedAgain[0]);
    const wish = ttl * 1000 * (0.9 + this.#random() / 5);
    return Math.min(Math.max(wish, again[0]), again[1]);
  }

  /** Only once every point of view has answered: half a fact would look like disagreement. */
  #publish(name: string, entry: Entry): void {
    const answers: DnsAnswer[] = [];
    for (const { answer } of entry.views) {
      if (answer === null) return;
      answers.push(answer);
    }
    if (entry.published !== null && equalData(entry.published.answers.map(substance), answers.map(substance)))
      return;
    entry.published = { name, answers };
    this.#onFact(name, entry.published);
  }
}

/** Starts asking DNS for names that are set as wanted. */
export function startDnsProbes(options: DnsProbesOptions): DnsProbes {
  return new RunningProbes(options);
}
