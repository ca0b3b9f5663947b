import 'server-only';
import type { KindName } from '@/lib/kube/objects';
import { type Raw, record, text } from '@/lib/kube/project/raw';
import { type ApiError, asApiError } from './api-error';
import { Backoff } from './backoff';
import { sleep } from './clock';
import { Intake } from './intake';
import { isLong, listAll } from './list-all';
import { itemParser } from './list-text';
import { collectionPath, type ReflectorContext, type ReflectorOptions } from './reflector-options';
import { followWatch } from './watch-events';
import { WatchHealth } from './watch-health';

/** A watch that had been open failed, unlike one that could not be opened. */
class BrokenWatch extends Error {
  constructor(override readonly cause: ApiError) {
    super(cause.message);
  }
}

const LONGEST_WAKE = 300;
const PAGE_SIZE = 500;
/** Failures of a watch that the server answers; so many in a row at one version and only a fresh list helps. */
const WATCH_FAILURES_BEFORE_LIST = 4;
/** A watch that the server ended sooner than this was no watch: without a wait we would spin. */
const SHORTEST_WATCH = 1_000;

/**
 * Keeps one resource in step with the API server: list, then watch, for ever. Promise: eventually consistent, in order
 * for each object, intermediate states may be missed; no failure ends it, and none makes it forget what it may know.
 */
export class Reflector<K extends KindName> {
  readonly #context: ReflectorContext;
  readonly #options: ReflectorOptions<K>;
  readonly #intake: Intake<K>;
  readonly #health: WatchHealth;
  readonly #backoff: Backoff;
  readonly #path: string;
  /** Opaque; null: must list. */
  #version: string | null = null;
  /** First list from the server's cache; every later one the newest, so that we never go back in time. */
  #anyVersion = true;
  #watchFailures = 0;
  #expiries = 0;
  #refusals = 0;
  #opens = 0;
  #sleeping: AbortController | null = null;
  #watching: AbortController | null = null;

  constructor(context: ReflectorContext, options: ReflectorOptions<K>) {
    this.#context = context;
    this.#options = options;
    this.#intake = new Intake(options);
    this.#backoff = new Backoff(context.timing, context.random);
    this.#health = new WatchHealth(context.clock, context.timing, options.onHealth);
    this.#path = collectionPath(options.resource, options.namespace);
  }

  /** Runs until the context's signal aborts. */
  async run(): Promise<void> {
    const { signal } = this.#context;
    while (!signal.aborted) {
      try {
        if (this.#version === null) await this.#list();
        await this.#watch();
      } catch (error) {
        if (!signal.aborted) await this.#recover(error);
      }
    }
    this.#health.stop();
  }

  /**
   * The server is back: whoever sits out a backoff may try again soon, though not all in the same moment. After the
   * line was `cut` open watches go on from where they are over new connections, since the old ones may be dead.
   */
  wake(cut: boolean): void {
    const { clock, random } = this.#context;
    const [sleeping, watching] = [this.#sleeping, cut ? this.#watching : null];
    clock.after(random() * LONGEST_WAKE, () => {
      sleeping?.abort();
      watching?.abort();
    });
  }

  async #list(): Promise<void> {
    const { lists, signal, timing } = this.#context;
    const { stats } = this.#options;
    const leave = await lists.enter();
    // A stalled list gives its place to others at the time when it counts as failing.
    const cancel = this.#context.clock.after(timing.failingAfter, leave);
    try {
      if (signal.aborted) return;
      this.#health.awaiting('the API server does not answer the list');
      stats.lists += 1;
      this.#intake.beginList();
      this.#version = await this.#readAll();
      this.#intake.endList();
      this.#anyVersion = false;
      this.#watchFailures = 0;
      this.#options.onContact('ok', '');
      this.#health.listed();
    } finally {
      cancel();
      leave();
    }
  }

  async #readAll(): Promise<string> {
    const { client, turns, signal, timing, listThread } = this.#context;
    const { resource } = this.#options;
    const request = {
      path: this.#path,
      fieldSelector: resource.fieldSelector,
      resourceVersion: this.#anyVersion ? '0' : '',
      pageSize: PAGE_SIZE,
      answerWithin: timing.answerWithin,
    };
    const onProgress = (): void => this.#health.progress();
    if (resource.id === 'pods' && listThread.isOfUse && (await isLong({ ...request, client, signal })))
      return listThread.list('pods', request, {
        signal,
        onProgress: () => {
          client.onContact();
          onProgress();
        },
        onObjects: (packed) => this.#intake.putPacked(packed),
        onFailed: (count) => this.#intake.failed(count),
      });
    return listAll({
      ...request,
      client,
      turns,
      signal,
      parse: itemParser(resource.id),
      onItem: (raw) => this.#intake.put(raw),
      onProgress,
    });
  }

  async #watch(): Promise<void> {
    const { client, turns, signal, timing, random, clock } = this.#context;
    const { watchSecondsLeast: least, watchSecondsMost: most } = timing;
    const started = clock.monotonic();
    const opens = this.#opens;
    const watching = new AbortController();
    this.#watching = watching;
    try {
      await followWatch({
        client,
        turns,
        path: this.#path,
        fieldSelector: this.#options.resource.fieldSelector,
        resourceVersion: this.#version ?? '',
        seconds: Math.round(least + random() * (most - least)),
        answerWithin: timing.answerWithin,
        idle: timing.watchIdle,
        signal: AbortSignal.any([signal, watching.signal]),
        onOpen: () => {
          this.#opens += 1;
          this.#refusals = 0;
          if (opens > 0) this.#options.stats.reconnects += 1;
          this.#options.onContact('ok', '');
          this.#health.watched();
        },
        onEvent: (type, object) => this.#take(type, object),
      });
    } catch (error) {
      if (watching.signal.aborted && !signal.aborted) return;
      if (opens === this.#opens || signal.aborted) throw error;
      throw new BrokenWatch(asApiError(error));
    } finally {
      this.#watching = null;
      if (opens < this.#opens && clock.monotonic() - started >= timing.healthyAfter) this.#backoff.reset();
    }
    if (clock.monotonic() - started < SHORTEST_WATCH) await this.#pause(this.#backoff.next());
  }

  #take(type: string, object: Raw): void {
    const { stats } = this.#options;
    stats.lastEventAt = this.#context.clock.now();
    this.#watchFailures = 0;
    this.#expiries = 0;
    if (type === 'BOOKMARK') stats.bookmarks += 1;
    else stats.events += 1;
    if (type === 'ADDED' || type === 'MODIFIED') this.#intake.put(object);
    else if (type === 'DELETED') this.#intake.remove(object);
    // Last, so that an event that could not be taken is asked for again.
    const version = text(record(object.metadata).resourceVersion);
    if (version !== '') this.#version = version;
  }

  async #recover(thrown: unknown): Promise<void> {
    const { client } = this.#context;
    const { onContact, resource, stats } = this.#options;
    const error = asApiError(thrown instanceof BrokenWatch ? thrown.cause : thrown);
    stats.errors += 1;
    switch (error.kind) {
      case 'expired':
        return this.#relist(error);
      case 'forbidden':
        return this.#withheld((await this.#isInstalled()) ? 'forbidden' : 'absent', error);
      case 'absent':
        if (resource.optional) return this.#withheld('absent', error);
        break;
      case 'unauthorized':
        client.refresh();
        onContact('unauthorized', error.message);
        break;
      case 'throttled':
        onContact('ok', '');
        break;
      default:
        // A stream that broke says little: whether the server is there, the next request will tell.
        if (!(thrown instanceof BrokenWatch)) onContact('failed', error.message);
    }
    this.#health.trouble(error.message);
    this.#watchFailures +=
      error.status > 0 && error.kind !== 'throttled' && error.kind !== 'unauthorized' ? 1 : 0;
    if (this.#watchFailures >= WATCH_FAILURES_BEFORE_LIST) this.#version = null;
    await this.#pause(this.#backoff.next(error.retryAfter));
  }

  /** At once the first time, since the server has only forgotten where we were; with a backoff when it goes on. */
  async #relist(error: ApiError): Promise<void> {
    this.#options.stats.relists += 1;
    this.#version = null;
    this.#anyVersion = false;
    this.#expiries += 1;
    if (this.#expiries > 1) {
      this.#health.trouble(error.message);
      await this.#pause(this.#backoff.next(error.retryAfter));
    }
  }

  /** Rights are checked before existence: who may not read a kind that is not installed is told 403. Discovery is for all. */
  async #isInstalled(): Promise<boolean> {
    const { client, signal, timing } = this.#context;
    const { optional, group, version } = this.#options.resource;
    if (!optional) return true;
    try {
      const { status } = await client.json(`/apis/${group}/${version}`, {
        signal,
        answerWithin: timing.answerWithin,
      });
      return status !== 404;
    } catch {
      // Not known: the refusal stands.
      return true;
    }
  }

  /**
   * A server that has just started refuses for a moment while it reads its rules: what we know is given up only when the
   * second answer is the same. Then it is: what may not be seen any more must not look alive.
   */
  async #withheld(state: 'forbidden' | 'absent', error: ApiError): Promise<void> {
    const { timing, random, signal, clock } = this.#context;
    this.#version = null;
    this.#refusals += 1;
    this.#options.onContact('none', '');
    this.#health.withheld(state, state === 'absent' ? 'not installed in this cluster' : error.message);
    if (state === 'absent' || this.#refusals > 1) this.#intake.clear();
    const first = this.#refusals === 1 ? timing.forbiddenFirst : timing.forbiddenAgain;
    await sleep(clock, (state === 'absent' ? timing.absentAgain : first) * (0.9 + random() / 5), signal);
  }

  async #pause(ms: number): Promise<void> {
    this.#sleeping = new AbortController();
    await sleep(this.#context.clock, ms, AbortSignal.any([this.#context.signal, this.#sleeping.signal]));
    this.#sleeping = null;
  }
}
