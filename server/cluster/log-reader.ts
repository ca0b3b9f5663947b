import 'server-only';
import { ComplaintBook, complaintOf, readLine } from '@/lib/controllers/log-lines';
import { type LogPattern, patternsOf } from '@/lib/controllers/log-patterns';
import type { ControllerLog, LogTarget } from '@/lib/diagnosis/wanted';
import { equalData } from '@/lib/kube/project/share';
import type { CrashFact, LogFact } from '@/lib/state/facts';
import type { Clock } from './clock';
import { crashFactOf } from './crash-lines';
import type { KubeClient } from './kube-client';
import { type LogAnswer, type LogQuery, podLog } from './pod-log';
import { PollSet } from './poll-set';
import type { Timing } from './timing';

export interface LogReaderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Namespaces that may be read; empty: all. */
  readonly namespaces: readonly string[];
  /** Null: not wanted any more. */
  readonly onLog: (controller: string, fact: LogFact | null) => void;
  readonly onCrash: (pod: string, fact: CrashFact | null) => void;
}

/** Pods at once, so that logs never get in the way of the watches. */
const AT_ONCE = 2;
const TAIL_LINES = 500;
const CRASH_LINES = 10;
/** A complaint is remembered so long after it was last heard, in ms; older lines are not asked for either. */
const MEMORY_MS = 15 * 60_000;
const MOST_COMPLAINTS = 200;

interface Heard {
  readonly book: ComplaintBook;
  readonly patterns: readonly LogPattern[];
  /** Epoch ms of the newest line by pod uid: what was counted is not counted again. */
  readonly newest: Map<string, number>;
  published: LogFact | null;
}

/** Reads bounded tails of controllers' logs and the last lines of crashing pods; it needs `get` on `pods/log`. */
export class LogReader {
  readonly #options: LogReaderOptions;
  readonly #logs: PollSet<ControllerLog>;
  readonly #crashes: PollSet<LogTarget>;
  readonly #heard = new Map<string, Heard>();
  readonly #crashed = new Map<string, CrashFact>();

  constructor(options: LogReaderOptions) {
    this.#options = options;
    const { clock, random, signal } = options;
    const common = { clock, random, signal, concurrency: AT_ONCE };
    this.#logs = new PollSet({
      ...common,
      ask: (id, log) => this.#readController(id, log),
      onDrop: (id) => {
        if (this.#heard.get(id)?.published) options.onLog(id, null);
        this.#heard.delete(id);
      },
    });
    this.#crashes = new PollSet({
      ...common,
      ask: (key, target) => this.#readCrash(key, target),
      onDrop: (key) => {
        if (this.#crashed.delete(key)) options.onCrash(key, null);
      },
    });
  }

  setWanted(logs: ReadonlyMap<string, ControllerLog>, crashes: ReadonlyMap<string, LogTarget>): void {
    this.#logs.setWanted(logs);
    this.#crashes.setWanted(crashes);
  }

  async run(): Promise<void> {
    await Promise.all([this.#logs.run(), this.#crashes.run()]);
  }

  async #readController(id: string, { type, targets }: ControllerLog): Promise<number> {
    const { timing, clock } = this.#options;
    const heard = this.#heard.get(id) ?? {
      book: new ComplaintBook(MEMORY_MS, MOST_COMPLAINTS),
      patterns: patternsOf(type),
      newest: new Map<string, number>(),
      published: null,
    };
    this.#heard.set(id, heard);
    const answers: LogAnswer[] = [];
    for (const target of targets) answers.push(await this.#readTarget(heard, target));
    for (const uid of heard.newest.keys())
      if (!targets.some((target) => target.uid === uid)) heard.newest.delete(uid);
    if (!this.#logs.has(id)) return timing.logAgain;
    const refused = answers.find((answer) => answer.state === 'unreadable');
    if (answers.some(({ state }) => state === 'read'))
      this.#publish(id, heard, { state: 'read', reason: '', complaints: heard.book.at(clock.now()) });
    else if (refused?.state === 'unreadable')
      this.#publish(id, heard, { state: 'unreadable', reason: refused.reason, complaints: [] });
    return refused ? timing.logRefusedAgain : timing.logAgain;
  }

  async #readTarget(heard: Heard, target: LogTarget): Promise<LogAnswer> {
    const { clock } = this.#options;
    const before = heard.newest.get(target.uid);
    const answer = await this.#ask(target, { tailLines: TAIL_LINES, sinceSeconds: MEMORY_MS / 1000 });
    if (answer.state !== 'read') return answer;
    const now = clock.now();
    let newest = before ?? Number.NEGATIVE_INFINITY;
    for (const raw of answer.lines) {
      const line = readLine(raw, now);
      if (line.at !== null && before !== undefined && line.at <= before) continue;
      newest = Math.max(newest, line.at ?? newest);
      const found = complaintOf(line, heard.patterns, target.pod, now);
      if (found) heard.book.add(found);
    }
    if (Number.isFinite(newest)) heard.newest.set(target.uid, newest);
    return answer;
  }

  #publish(id: string, heard: Heard, fact: LogFact): void {
    if (heard.published && equalData(heard.published, fact)) return;
    heard.published = fact;
    this.#options.onLog(id, fact);
  }

  async #readCrash(key: string, target: LogTarget): Promise<number> {
    const { timing, onCrash } = this.#options;
    const answer = await this.#ask(target, { tailLines: CRASH_LINES, previous: true });
    const fact = crashFactOf(answer, target.container);
    if (fact !== null && this.#crashes.has(key) && !equalData(this.#crashed.get(key), fact)) {
      this.#crashed.set(key, fact);
      onCrash(key, fact);
    }
    return answer.state === 'unreadable' ? timing.logRefusedAgain : timing.logAgain;
  }

  #ask(target: LogTarget, query: LogQuery): Promise<LogAnswer> {
    const { client, signal, timing, namespaces } = this.#options;
    if (namespaces.length > 0 && !namespaces.includes(target.namespace)) {
      const reason = `namespace ${target.namespace} is not among ATLAS_NAMESPACES`;
      return Promise.resolve({ state: 'unreadable', reason });
    }
    return podLog(client, target, query, { signal, answerWithin: timing.answerWithin });
  }
}
