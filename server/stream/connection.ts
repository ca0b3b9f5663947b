import 'server-only';
import type { ClusterInfo } from '@/lib/topology/model';
import { frame, PREAMBLE } from '@/lib/wire/sse';
import type { NamedView, Position } from '@/lib/wire/views';
import { TooManyViews } from '@/server/hub/view-pool';
import type { TopologyHub } from '@/server/topology-hub';
import { ViewFeed } from './view-feed';

const VIEW_GONE = 'the open views have grown beyond their limit';

/** So much may wait in the process for one client; the rest waits, shared, in the views. */
const HIGH_WATER = 256 * 1024;
/** A client that takes nothing for so long is gone. */
export const STALLED_MS = 60_000;

export interface ConnectionOptions {
  readonly hub: TopologyHub;
  readonly views: readonly NamedView[];
  readonly position: Position | null;
  readonly now: () => number;
  /** Called once, however it ends. */
  readonly onClosed: (connection: StreamConnection) => void;
  readonly onError: (error: unknown) => void;
}

/** One client of the stream. Nothing is queued for it: it pulls from its views as fast as it reads. */
export class StreamConnection {
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: ConnectionOptions;
  readonly #encoder = new TextEncoder();
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #feeds: readonly ViewFeed[] = [];
  #cluster: ClusterInfo | null = null;
  #pumping = false;
  #again = false;
  #closed = false;
  /** When the client last took something while more was waiting. */
  #progressAt: number;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#progressAt = options.now();
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
          this.#write(PREAMBLE);
          void this.#open();
        },
        pull: () => {
          this.#progressAt = options.now();
          this.wake();
        },
        cancel: () => this.close(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER }),
    );
  }

  /** There may be something to send. */
  wake(): void {
    // Before any room is asked for: who does not read must not keep what the views had to give up.
    if (this.#feeds.some(({ view }) => view.isDropped)) this.bye(VIEW_GONE);
    this.#again = true;
    if (!this.#pumping) void this.#pump();
  }

  /** The cluster's connection has changed: told ahead of the delta that carries it too. */
  tellCluster(cluster: ClusterInfo): void {
    this.#cluster = cluster;
    this.wake();
  }

  /** A sign of life for who reads; for who does not, the end after a while. */
  ping(now: number): void {
    if (this.#room() > 0) this.#write(frame('ping', JSON.stringify({ at: new Date(now).toISOString() })));
    else if (now - this.#progressAt > STALLED_MS) this.close();
  }

  bye(reason: string): void {
    // Amid a snapshot it would be taken for a piece of it; there the end must say enough.
    const amid = this.#feeds.some((feed) => feed.inSnapshot);
    if (!amid) this.#write(frame('bye', JSON.stringify({ reason })));
    this.close();
  }

  /** Ends the stream and gives back everything; safe to call again. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const feed of this.#feeds) this.#drop(feed);
    this.#feeds = [];
    this.#finish();
    this.#options.onClosed(this);
  }

  #finish(): void {
    try {
      this.#controller?.close();
    } catch {
      // Cancelled by the reader: it is closed already.
      this.#controller = null;
    }
  }

  #drop(feed: ViewFeed): void {
    feed.close();
    this.#options.hub.views.release(feed.view);
  }

  async #open(): Promise<void> {
    const { hub, views, position, onError } = this.#options;
    const { epoch, version } = hub.head;
    const known = position?.epoch === epoch && position.version <= version;
    const resumeAt = known ? position.version : null;
    const feeds: ViewFeed[] = [];
    try {
      for (const { name, filters } of views) {
        feeds.push(new ViewFeed(name, await hub.views.acquire(filters), epoch, resumeAt));
        if (this.#closed) break;
      }
    } catch (error) {
      // No fault of ours: who comes with one view too many is told, and may come again.
      if (error instanceof TooManyViews) this.bye(error.message);
      else onError(error);
      this.close();
    }
    if (this.#closed) for (const feed of feeds) this.#drop(feed);
    else this.#feeds = feeds;
    this.wake();
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    try {
      while (this.#again) {
        this.#again = false;
        while (!this.#closed && this.#room() > 0 && (await this.#step()));
      }
    } catch (error) {
      this.#options.onError(error);
      this.close();
    } finally {
      this.#pumping = false;
    }
  }

  /** Sends one piece; false when there is nothing to send. */
  async #step(): Promise<boolean> {
    const under = this.#feeds.find((feed) => feed.inSnapshot);
    if (under) return this.#enqueue(under.piece());
    if (this.#cluster && this.#feeds.every((feed) => feed.hasState)) {
      const data = JSON.stringify({ epoch: this.#options.hub.head.epoch, cluster: this.#cluster });
      this.#cluster = null;
      return this.#write(frame('connection', data));
    }
    const feed = this.#mostBehind();
    if (!feed) return false;
    const others = this.#feeds.filter((other) => other !== feed);
    // An id says "you have everything up to here": with several views only the last one of a version may say so.
    const alone = (version: number) =>
      others.every((other) => {
        const next = other.next();
        return next === null || (next !== 'snapshot' && next > version);
      });
    const next = feed.next();
    if (next !== 'snapshot') return this.#enqueue(feed.delta(alone(next ?? 0)));
    const snapshot = await this.#options.hub.snapshotOf(feed.view);
    if (!this.#closed) feed.begin(snapshot, alone(snapshot.version));
    return true;
  }

  #mostBehind(): ViewFeed | null {
    let found: ViewFeed | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const feed of this.#feeds) {
      const next = feed.next();
      const version = next === 'snapshot' ? 0 : (next ?? Number.POSITIVE_INFINITY);
      if (version < least) {
        found = feed;
        least = version;
      }
    }
    return found;
  }

  #room(): number {
    return this.#closed ? 0 : (this.#controller?.desiredSize ?? 0);
  }

  #write(text: string): boolean {
    return this.#enqueue(this.#encoder.encode(text));
  }

  #enqueue(bytes: Uint8Array | null): boolean {
    if (!bytes) return false;
    if (this.#closed || !this.#controller) return false;
    try {
      this.#controller.enqueue(bytes);
      return true;
    } catch {
      this.close();
      return false;
    }
  }
}
