import 'server-only';
import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@/server/recorder/database/db';
import { type Held, holdDatabase, isFirstToSee } from '@/server/recorder/database/shared';
import type { FromWorker, Method, ToWorker, WorkerOptions } from '@/server/recorder/messages';
import type { RecorderStatus } from '@/server/recorder/types';
import { answerTo } from './answers';
import { chaptersFor } from './chapter';
import { aliveOf, clusterOf } from './clusters';
import { type Failure, failureOf, wordsOf } from './errors';
import { extentOf } from './past';
import { putAside } from './put-aside';
import { tidy } from './tidy';
import { BATCH_MS, Writer } from './writer';

/** How often a follower tries to lead, and a leader says that it is alive. */
const LEAD_MS = 2000;
const TIDY_MS = 60_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** A question about the past waits so long for what has just happened to be written. */
const FLUSH_MS = 1500;

/** The recorder's worker: opens the database and keeps it open, leads or follows, writes, answers. */
export class Service {
  readonly #options: WorkerOptions;
  readonly #post: (message: FromWorker) => void;
  #held: Held | null = null;
  #db: Db | null = null;
  #cluster = 0;
  #name: string;
  #writer: Writer | null = null;
  #leading = false;
  #health = '';
  /** What no trying again will mend; '' while there is none. */
  #refused = '';
  #status: RecorderStatus = { state: 'starting', reason: '', since: 0, oldest: null, newest: null, bytes: 0 };
  #gaps = 0;
  #tick: NodeJS.Timeout | undefined;
  #stopped = false;
  #tidied = 0;
  #opening: Promise<void> = Promise.resolve();
  #ticking: Promise<void> = Promise.resolve();

  constructor(options: WorkerOptions, post: (message: FromWorker) => void) {
    this.#options = options;
    this.#post = post;
    this.#name = options.cluster;
    this.#opening = this.#open();
  }

  handle(message: ToWorker): void {
    if (message.type === 'cluster') void this.#setCluster(message.id);
    else if (message.type === 'ask') void this.#answer(message.id, message.method, message.args);
    else if (message.type === 'stop') void this.stop();
    else if (!this.#writer) this.#post({ type: 'ended', run: message.run, reason: this.#health });
    else if (message.type === 'run') this.#writer.run(message.run);
    else if (message.type === 'reset') this.#writer.reset(message.run);
    else if (message.type === 'key') this.#writer.key(message);
    else if (message.type === 'keyed') this.#writer.keyed(message);
    else this.#writer.delta(message);
  }

  /** Writes what has come, lets another lead, and closes. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#tick);
    await this.#writer?.stop('the dashboard was stopped');
    await this.#ticking;
    if (this.#db && this.#leading) await this.#db.resign(this.#cluster).catch(() => undefined);
    await this.#held?.release().catch(() => undefined);
    this.#post({ type: 'stopped' });
  }

  async #open(): Promise<void> {
    let wait = FIRST_WAIT_MS;
    while (!this.#stopped) {
      try {
        this.#held ??= await holdDatabase(this.#options.url, () => this.#condemned());
        this.#cluster = await clusterOf(this.#held.db, this.#name);
        this.#db = this.#held.db;
        this.#health = '';
        this.#next(0);
        return;
      } catch (error) {
        if (await this.#refusesToOpen(error)) return;
        this.#health = wordsOf(error);
        this.#tell();
        await delay(wait);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      }
    }
  }

  /** The same of an opening, which may be that of several clusters' recordings: one of them deals with a damaged file. */
  async #refusesToOpen(error: unknown): Promise<boolean> {
    const failure = failureOf(error);
    if (failure !== 'corrupt') return this.#refuses(failure, error);
    const isOurs = this.#held ? await this.#condemn() : isFirstToSee(error);
    return isOurs && this.#refuses(failure, error);
  }

  /** Takes what trying again does not mend; false: trying again may. */
  #refuses(failure: Failure, error: unknown): boolean {
    if (failure === 'corrupt') {
      const aside = putAside(this.#options.url, (text) => this.#log('warn', text));
      this.#log(
        'error',
        `the history's file is damaged (${wordsOf(error)}): kept as ${aside}, a fresh one is begun`,
      );
    }
    if (failure !== 'too-new') return false;
    this.#refused = wordsOf(error);
    this.#log('error', `nothing is recorded: ${this.#refused}`);
    this.#tell();
    return true;
  }

  /** Lets go of a damaged database; whether it is ours to put aside. */
  async #condemn(): Promise<boolean> {
    const held = this.#held;
    this.#held = null;
    return held !== null && (await held.condemn());
  }

  /** Another cluster's recording has found the file damaged. */
  #condemned(): void {
    if (!this.#stopped) this.#failed('corrupt', new Error("the history's file is damaged"));
  }

  async #setCluster(name: string): Promise<void> {
    if (name === this.#name) return;
    this.#name = name;
    await this.#opening;
    await this.#ticking;
    if (!this.#db || this.#stopped) return;
    try {
      if (this.#leading) await this.#db.resign(this.#cluster);
      this.#follow('another cluster was shown');
      this.#cluster = await clusterOf(this.#db, name);
    } catch (error) {
      this.#failed(failureOf(error), error);
    }
  }

  #next(ms: number): void {
    clearTimeout(this.#tick);
    if (this.#stopped) return;
    this.#tick = setTimeout(() => {
      this.#ticking = this.#lead().finally(() => this.#next(LEAD_MS));
    }, ms);
  }

  async #lead(): Promise<void> {
    const db = this.#db;
    if (!db) return;
    try {
      const now = Date.now();
      const leads = await db.lead(this.#cluster, now, this.#writer?.knownUntil() ?? 0);
      if (leads && !this.#leading) await this.#begin(db);
      else if (!leads && this.#leading) this.#follow(this.#health || 'another replica was to record');
      if (this.#leading && this.#writer?.isOpen && now - this.#tidied >= TIDY_MS) {
        this.#tidied = now;
        await tidy(db, this.#cluster, this.#options.retention, now);
      }
      if (!this.#leading) this.#health = '';
      await this.#measure(db);
    } catch (error) {
      this.#failed(failureOf(error), error);
    }
    this.#tell();
  }

  async #begin(db: Db): Promise<void> {
    const cluster = this.#cluster;
    // What the former leader has noted, before we note anything ourselves.
    let alive: number | null = await aliveOf(db, cluster);
    this.#leading = true;
    this.#writer = new Writer(db, cluster, {
      now: Date.now,
      batchMs: this.#options.batchMs ?? BATCH_MS,
      chapters: chaptersFor(this.#options.retention.ageMs, this.#options.chapterFrames),
      done: (run, bytes, version) => this.#post({ type: 'done', run, bytes, version }),
      ended: (run, reason) => this.#post({ type: 'ended', run, reason }),
      health: (reason) => {
        if (this.#health === reason) return;
        this.#health = reason;
        this.#tell();
      },
      failed: (failure, error) => this.#failed(failure, error),
      known: async () => (await extentOf(db, cluster, alive ?? 0)).newest,
      damaged: (words) => this.#log('error', words),
      opened: (version) => {
        alive = null;
        this.#log('info', `recording from version ${version} on`);
        // The first word of what is kept should not wait for the next turn.
        this.#next(0);
      },
    });
    this.#post({ type: 'lead', leading: true, reason: '' });
  }

  #follow(reason: string): void {
    this.#leading = false;
    this.#writer?.reset(-1);
    this.#writer = null;
    this.#post({ type: 'lead', leading: false, reason });
  }

  #failed(failure: Failure, error: unknown): void {
    this.#health = wordsOf(error);
    if (failure === 'not-leading') this.#follow(this.#health);
    if (failure === 'corrupt') {
      this.#follow(this.#health);
      this.#db = null;
      this.#opening = this.#condemn().then((isOurs) => {
        if (isOurs) this.#refuses(failure, error);
        return this.#open();
      });
    }
    this.#tell();
  }

  async #measure(db: Db): Promise<void> {
    const until = this.#leading ? (this.#writer?.knownUntil() ?? 0) : 0;
    const extent = await extentOf(db, this.#cluster, until);
    const gaps = await db.read
      .selectFrom('atlas_gaps')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('cluster', '=', this.#cluster)
      .executeTakeFirst();
    this.#gaps = Number(gaps?.count ?? 0);
    this.#status = { ...this.#status, ...extent, bytes: await db.bytes() };
  }

  /** Says how it stands; `since` moves only with the state. */
  #tell(): void {
    const reason = this.#refused || this.#health;
    const state = this.#stateOf(reason);
    const since = state === this.#status.state ? this.#status.since : Date.now();
    this.#status = { ...this.#status, state, reason, since };
    this.#post({
      type: 'status',
      status: this.#status,
      counts: { frames: this.#writer?.frames ?? 0, gaps: this.#gaps, cpuMs: threadCpu() },
    });
  }

  #stateOf(reason: string): RecorderStatus['state'] {
    if (this.#refused !== '') return 'off';
    if (reason !== '') return 'down';
    if (!this.#db) return 'starting';
    if (!this.#leading) return 'following';
    return this.#writer?.isOpen ? 'recording' : 'starting';
  }

  #log(level: 'info' | 'warn' | 'error', text: string): void {
    this.#post({ type: 'log', level, text });
  }

  async #answer(id: number, method: Method, args: unknown): Promise<void> {
    try {
      const db = this.#db;
      if (!db) throw new Error(this.#refused || this.#health || 'the database is being opened');
      const value = await answerTo(method, args, {
        db,
        cluster: this.#cluster,
        name: this.#name,
        until: () => this.#until(db),
      });
      this.#post({ type: 'answer', id, value });
    } catch (error) {
      if (failureOf(error) === 'corrupt') this.#failed('corrupt', error);
      this.#post({ type: 'answer', id, error: wordsOf(error) });
    }
  }

  /** Until when all is recorded: a follower knows what the leader has said of itself. */
  async #until(db: Db): Promise<number> {
    const writer = this.#leading ? this.#writer : null;
    if (writer && this.#health === '') await Promise.race([writer.flush(), delay(FLUSH_MS)]);
    return writer?.isOpen ? writer.knownUntil() : aliveOf(db, this.#cluster);
  }
}

/** CPU time of this thread in ms; 0 where Node cannot tell. */
function threadCpu(): number {
  const { user, system } = process.threadCpuUsage?.() ?? { user: 0, system: 0 };
  return (user + system) / 1000;
}
