import 'server-only';
import type { Logger } from 'pino';
import type { Before, Topology, TopologyDelta } from '@/lib/topology/model';
import type { ViewFilters } from '@/lib/topology/view-filters';
import type { Frozen } from '@/server/hub/chunks';
import { readTopology } from '@/server/hub/read-chunks';
import type { Head } from '@/server/hub/shared-view';
import { inTurns } from '@/server/hub/turns';
import { Feed, type FeedOptions } from './feed';
import type { FromWorker, WorkerCounts } from './messages';
import type { Retention } from './retention';
import type { RecorderThread } from './thread';
import type {
  Gap,
  History,
  HistoryQuery,
  Mark,
  Missing,
  NewSnapshot,
  RebuiltText,
  RecorderStatus,
  SignedOut,
  SnapshotEntry,
  SnapshotRecord,
} from './types';
import { WorkerLink } from './worker-link';

/** A change that waits longer than this to be written is told. */
const BEHIND_MS = 5000;
/** Questions about the past that may wait; each can take seconds. */
const MOST_WAITING = 32;
/** A question about the past waits so long for what has just been published to be sent. */
const DRAIN_MS = 1000;

export interface RecorderOptions {
  /** `off`, `off:WHY`, `sqlite:PATH` or `postgres://…`. */
  readonly url: string;
  readonly retention: Retention;
  readonly cluster: string;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Of all recorders of the process; without one it has its own. */
  readonly thread?: RecorderThread;
  readonly onStatus?: (status: RecorderStatus) => void;
  readonly now?: () => number;
  /** Bounds, and how long changes wait for others; for tests and benches. */
  readonly limits?: FeedOptions['limits'];
  readonly batchMs?: number;
  readonly chapterFrames?: number;
}

/** A topology of the past. */
export interface Rebuilt {
  readonly topology: Topology;
  readonly exact: boolean;
  readonly gap: Gap | null;
}

/** Nothing is kept: the recorder is off, or its database cannot be used now. */
export class RecorderUnavailable extends Error {
  override readonly name = 'RecorderUnavailable';
}

/**
 * Whether an error is that. Next gives each route a copy of this module, and with it a class of its own: what the recorder
 * of the runtime throws is no instance of it.
 */
export function isRecorderUnavailable(error: unknown): error is RecorderUnavailable {
  return error instanceof Error && error.name === 'RecorderUnavailable';
}

export interface RecorderMetrics extends WorkerCounts {
  readonly queueBytes: number;
  readonly lagMs: number;
}

/** The flight recorder: keeps what is published, and shows the past. The dashboard never waits for it. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #now: () => number;
  readonly #link: WorkerLink | null;
  readonly #feed: Feed;
  #source: (() => Promise<Frozen>) | null = null;
  #cluster: string;
  #leading = false;
  #gap: string | null = null;
  #status: RecorderStatus;
  #counts: WorkerCounts = { frames: 0, gaps: 0, cpuMs: 0 };

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#cluster = options.cluster;
    const isOff = options.url === 'off' || options.url.startsWith('off:');
    const why = options.url.slice('off:'.length) || 'DATABASE_URL=off';
    this.#status = {
      state: isOff ? 'off' : 'starting',
      reason: isOff ? why : '',
      since: this.#now(),
      oldest: null,
      newest: null,
      bytes: 0,
    };
    this.#link = isOff
      ? null
      : new WorkerLink(
          () => ({
            url: options.url,
            retention: options.retention,
            cluster: this.#cluster,
            ...(options.batchMs === undefined ? {} : { batchMs: options.batchMs }),
            ...(options.chapterFrames === undefined ? {} : { chapterFrames: options.chapterFrames }),
          }),
          (message) => this.#take(message),
          (reason) => this.#died(reason),
          options.thread,
        );
    this.#feed = new Feed({
      post: (message, transfer) => this.#link?.post(message, transfer),
      freeze: () => this.#source?.() ?? Promise.reject(new Error('there is nothing to record yet')),
      onError: (error) => options.log.error({ err: error }, 'the recorder could not go on'),
      log: (text) => options.log.warn(text),
      ...(options.limits ? { limits: options.limits } : {}),
    });
    if (isOff) options.log.info({ reason: why }, 'nothing is recorded');
  }

  /** How it stands; `behind` where changes wait for long. */
  get status(): RecorderStatus {
    const lag = this.#feed.lag(this.#now());
    if (this.#status.state !== 'recording' || lag < BEHIND_MS) return this.#status;
    const reason = `changes have waited for ${Math.round(lag / 1000)} s to be written`;
    return { ...this.#status, state: 'behind', reason, since: this.#now() - lag };
  }

  metrics(): RecorderMetrics {
    return { ...this.#counts, queueBytes: this.#feed.queueBytes, lagMs: this.#feed.lag(this.#now()) };
  }

  /** Says which cluster it is, once that is known. */
  setCluster(id: string): void {
    if (id === this.#cluster) return;
    this.#cluster = id;
    this.#link?.post({ type: 'cluster', id });
  }

  /** From now on there is something to record. `freeze`: the whole topology, unfolded, at one version. */
  start(source: { readonly freeze: () => Promise<Frozen> }): void {
    this.#source = source.freeze;
    this.#begin();
  }

  /** Takes what the hub has published, and what that changed as it was; returns at once. */
  published(head: Head, delta: TopologyDelta, before: Before): void {
    this.#feed.push(head, delta, before, this.#now());
  }

  /** The view of a time (epoch ms), or why there is none. `scope: all` shows what entries reach: no more is kept. */
  async at(time: number, filters: ViewFilters): Promise<Rebuilt | Missing> {
    const found = await this.atText(time, filters);
    if ('missing' in found) return found;
    const { pieces, exact, gap } = found;
    return { topology: await inTurns(readTopology(pieces)), exact, gap };
  }

  /** The same as JSON in pieces: a whole topology need not be read here to be handed on. */
  async atText(time: number, filters: ViewFilters): Promise<RebuiltText | Missing> {
    const { state, reason, oldest, newest } = this.#status;
    if (!this.#link) return { missing: 'off', reason, oldest: null, newest: null };
    try {
      this.#mayAsk();
      await this.#feed.drain(DRAIN_MS);
      const unsent = this.#feed.unsentSince;
      const found = await this.#link.ask('at', {
        time: Math.floor(time),
        filters: { ...filters, scope: 'entry' },
      });
      return 'missing' in found
        ? found
        : { ...found, exact: found.exact && (unsent === null || time < unsent) };
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      return { missing: state === 'off' ? 'off' : 'down', reason: words, oldest, newest };
    }
  }

  /** What happened in a range of time; fails with {@link RecorderUnavailable}. */
  history(query: HistoryQuery): Promise<History> {
    return this.#kept(async (link) => {
      await this.#feed.drain(DRAIN_MS);
      return link.ask('history', query);
    });
  }

  /** Snapshots; all fail with {@link RecorderUnavailable} where nothing can be kept. */
  readonly snapshots = {
    /** Ends when it is written for good. */
    put: async (snapshot: NewSnapshot): Promise<void> => {
      await this.#kept((link) => link.ask('putSnapshot', snapshot));
    },
    /** null: there is none, or it has expired. */
    get: (idHash: string): Promise<SnapshotRecord | null> =>
      this.#kept((link) => link.ask('snapshot', { idHash })),
    picture: async (idHash: string, name: string): Promise<Buffer | null> => {
      const body = await this.#kept((link) => link.ask('picture', { idHash, name }));
      return body && Buffer.from(body);
    },
    /** Whether there was one. */
    remove: (idHash: string): Promise<boolean> =>
      this.#kept((link) => link.ask('removeSnapshot', { idHash })),
    count: (): Promise<{ readonly count: number; readonly bytes: number }> =>
      this.#kept((link) => link.ask('countSnapshots', null)),
    /** The latest first. */
    list: (limit = 1000): Promise<readonly SnapshotEntry[]> =>
      this.#kept((link) => link.ask('listSnapshots', { limit })),
  };

  /** Marks of the cluster's findings; all fail with {@link RecorderUnavailable} where nothing can be kept. */
  readonly marks = {
    list: (): Promise<readonly Mark[]> => this.#kept((link) => link.ask('marks', null)),
    put: async (mark: Mark): Promise<void> => {
      await this.#kept((link) => link.ask('putMark', mark));
    },
    remove: async (finding: string): Promise<void> => {
      await this.#kept((link) => link.ask('removeMark', { finding }));
    },
  };

  /** Sessions that were ended before their time, for all replicas. */
  readonly signedOut = {
    list: () => this.#kept((link) => link.ask('signedOut', null)),
    put: (one: SignedOut) => this.#kept((link) => link.ask('putSignedOut', one)),
  };

  /** Writes what has been published, as far as the database lets it within two seconds. */
  async stop(): Promise<void> {
    await this.#feed.drain(DRAIN_MS);
    await this.#link?.stop();
    this.#feed.end();
  }

  async #kept<T>(ask: (link: WorkerLink) => Promise<T>): Promise<T> {
    if (!this.#link) throw new RecorderUnavailable(this.#status.reason);
    this.#mayAsk();
    try {
      return await ask(this.#link);
    } catch (error) {
      throw new RecorderUnavailable(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  #mayAsk(): void {
    if ((this.#link?.waiting ?? 0) >= MOST_WAITING)
      throw new RecorderUnavailable('too many questions about the past wait for an answer: try again later');
  }

  #begin(): void {
    if (!this.#leading || !this.#source) return;
    const gap = this.#gap;
    this.#gap = null;
    void this.#feed.begin(gap);
  }

  #take(message: FromWorker): void {
    if (message.type === 'status') this.#setStatus(message.status, message.counts);
    else if (message.type === 'lead') this.#lead(message.leading, message.reason);
    else if (message.type === 'done') this.#feed.done(message.run, message.bytes, message.version);
    else if (message.type === 'log') this.#options.log[message.level](message.text);
    else if (message.type === 'ended' && this.#feed.isRun(message.run)) {
      this.#gap ??= message.reason || null;
      this.#feed.end();
    }
  }

  #lead(leading: boolean, reason: string): void {
    this.#leading = leading;
    if (leading) this.#begin();
    else {
      this.#gap ??= reason || null;
      this.#feed.end();
    }
  }

  #died(reason: string): void {
    this.#options.log.error(reason);
    this.#gap ??= reason;
    this.#leading = false;
    this.#feed.end();
    this.#setStatus({ ...this.#status, state: 'down', reason, since: this.#now() }, this.#counts);
  }

  #setStatus(status: RecorderStatus, counts: WorkerCounts): void {
    const before = this.#status;
    this.#status = status;
    this.#counts = counts;
    if (before.state === status.state && before.reason === status.reason) return;
    const { state, reason } = status;
    this.#options.log[state === 'down' ? 'warn' : 'info']({ state, reason }, 'recorder');
    this.#options.onStatus?.(status);
  }
}
