// All open watches: starts them (from now, from a version, from everything),
// passes writes on, sends bookmarks, ends them in time.
import type { ServerResponse } from 'node:http';
import type { ApiRequest } from './api-request';
import { drained } from './http';
import { checkVersion } from './list';
import type { Presentation } from './present';
import { type Selection, selectionOf } from './selection';
import { expired } from './status';
import type { Storage } from './storage';
import { WatchHistory } from './watch-history';
import { Watcher } from './watcher';

export type WatchOptions = {
  historySize: number;
  bookmarkMs: number;
  maxBufferedBytes: number;
  now: () => number;
};

/** Objects sent between two looks at whether the client keeps up. */
const BATCH = 500;
const LONGEST_TIMEOUT_S = 86_400;

/** Serves the watches of one storage. */
export class WatchHub {
  readonly history: WatchHistory;
  readonly #storage: Storage;
  readonly #options: WatchOptions;
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #stop: () => void;

  constructor(storage: Storage, options: WatchOptions) {
    this.#storage = storage;
    this.#options = options;
    this.history = new WatchHistory(storage, options.historySize);
    this.#stop = storage.onChange((event) => {
      this.history.add(event);
      for (const watcher of this.#watchers.get(event.resource) ?? [])
        if (watcher.isLive) watcher.handle(event);
    });
  }

  /** Every open watch. */
  watchers(): Watcher[] {
    return [...this.#watchers.values()].flatMap((watchers) => [...watchers]);
  }

  /** Serves one watch request until its timeout or the client's end. */
  open(response: ServerResponse, request: ApiRequest, presentation: Presentation): Watcher {
    const { query, key } = request;
    const selection = selectionOf(request);
    const asked = query.get('resourceVersion') ?? '';
    const wantsAll = query.get('sendInitialEvents') === 'true';
    checkVersion(query, String(this.#storage.resourceVersion));
    const { maxBufferedBytes, now } = this.#options;
    const watcher = new Watcher(response, {
      resource: key,
      path: request.path,
      selection,
      presentation,
      maxBufferedBytes,
      now,
    });
    const isFresh = asked === '' || asked === '0' || wantsAll;
    const start = isFresh ? this.#storage.resourceVersion : Number(asked);
    this.#watcherSet(key).add(watcher);
    response.on('close', () => this.#watchers.get(key)?.delete(watcher));
    const sent = isFresh ? this.#sendAll(watcher, response, key, selection, wantsAll) : Promise.resolve(true);
    if (!isFresh) this.#catchUp(watcher, start, query, response);
    else void sent.then((isThere) => isThere && this.#catchUp(watcher, start, query, response));
    return watcher;
  }

  /** Cuts every watch. */
  close(): void {
    this.#stop();
    for (const watcher of this.watchers()) watcher.cut();
    this.#watchers.clear();
  }

  #watcherSet(key: string): Set<Watcher> {
    let watchers = this.#watchers.get(key);
    if (watchers === undefined) {
      watchers = new Set();
      this.#watchers.set(key, watchers);
    }
    return watchers;
  }

  /** Sends a snapshot at the client's pace; false when it went away meanwhile. */
  async #sendAll(
    watcher: Watcher,
    response: ServerResponse,
    key: string,
    selection: Selection,
    isMarked: boolean,
  ): Promise<boolean> {
    const version = String(this.#storage.resourceVersion);
    const all = this.#storage.snapshot(key, selection.namespace);
    for (let at = 0; at < all.length; at += BATCH) {
      for (const revision of all.slice(at, at + BATCH)) {
        if (selection.matches(revision.object)) watcher.send('ADDED', revision);
      }
      watcher.flush();
      if (!(await drained(response))) return false;
    }
    if (isMarked) watcher.bookmark(version, { 'k8s.io/initial-events-end': 'true' });
    return true;
  }

  /** Sends what was written since a version, then passes on what comes. */
  #catchUp(watcher: Watcher, version: number, query: URLSearchParams, response: ServerResponse): void {
    const missed = this.history.since(watcher.resource, version);
    if (missed === undefined) {
      watcher.fail(expired(`too old resource version: ${version} (${this.#storage.resourceVersion})`));
      return;
    }
    for (const event of missed) watcher.handle(event);
    watcher.isLive = true;
    this.#keepTime(watcher, response, query);
  }

  #keepTime(watcher: Watcher, response: ServerResponse, query: URLSearchParams): void {
    const isMarked = query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1';
    const mark = (): void => watcher.bookmark(String(this.#storage.resourceVersion));
    const bookmarks = isMarked ? setInterval(mark, this.#options.bookmarkMs) : undefined;
    const seconds = Number(query.get('timeoutSeconds') ?? 0) || 1800 + Math.random() * 1800;
    const timeout = setTimeout(() => {
      if (isMarked) mark();
      watcher.end();
    }, Math.min(seconds, LONGEST_TIMEOUT_S) * 1000);
    response.on('close', () => {
      clearInterval(bookmarks);
      clearTimeout(timeout);
    });
  }
}
