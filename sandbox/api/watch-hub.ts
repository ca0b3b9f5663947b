// All open watches: starts them (from now, from a version, from everything),
// passes writes on, sends bookmarks, ends them in time.
import { type ServerResponse } from 'node:http'
import { type ApiRequest } from './api-request'
import { checkVersion } from './list'
import { type Presentation } from './present'
import { selectionOf, type Selection } from './selection'
import { expired } from './status'
import { type Storage } from './storage'
import { Watcher } from './watcher'
import { WatchHistory } from './watch-history'

export type WatchOptions = {
  historySize: number
  bookmarkMs: number
  maxBufferedBytes: number
  now: () => number
}

const LONGEST_TIMEOUT_S = 86_400

/** Serves the watches of one storage. */
export class WatchHub {
  readonly history: WatchHistory
  readonly #storage: Storage
  readonly #options: WatchOptions
  readonly #watchers = new Map<string, Set<Watcher>>()
  readonly #stop: () => void

  constructor(storage: Storage, options: WatchOptions) {
    this.#storage = storage
    this.#options = options
    this.history = new WatchHistory(storage, options.historySize)
    this.#stop = storage.onChange((event) => {
      this.history.add(event)
      for (const watcher of this.#watchers.get(event.resource) ?? []) watcher.handle(event)
    })
  }

  /** Every open watch. */
  watchers(): Watcher[] {
    return [...this.#watchers.values()].flatMap((watchers) => [...watchers])
  }

  /** Serves one watch request until its timeout or the client's end. */
  open(response: ServerResponse, request: ApiRequest, presentation: Presentation): Watcher {
    const { query, key } = request
    const selection = selectionOf(request)
    const asked = query.get('resourceVersion') ?? ''
    const wantsAll = query.get('sendInitialEvents') === 'true'
    checkVersion(query, String(this.#storage.resourceVersion))
    const { maxBufferedBytes, now } = this.#options
    const watcher = new Watcher(response, { resource: key, path: request.path, selection, presentation, maxBufferedBytes, now })
    if (asked === '' || asked === '0' || wantsAll) {
      this.#sendAll(watcher, key, selection)
      const version = String(this.#storage.resourceVersion)
      if (wantsAll) watcher.bookmark(version, { 'k8s.io/initial-events-end': 'true' })
    } else {
      const missed = this.history.since(key, Number(asked))
      if (missed === undefined) {
        watcher.fail(expired(`too old resource version: ${asked} (${this.#storage.resourceVersion})`))
        return watcher
      }
      for (const event of missed) watcher.handle(event)
    }
    this.#follow(watcher, response, query)
    return watcher
  }

  /** Cuts every watch. */
  close(): void {
    this.#stop()
    for (const watcher of this.watchers()) watcher.cut()
    this.#watchers.clear()
  }

  #sendAll(watcher: Watcher, key: string, selection: Selection): void {
    for (const revision of this.#storage.snapshot(key, selection.namespace)) {
      if (selection.matches(revision.object)) watcher.send('ADDED', revision)
    }
  }

  #follow(watcher: Watcher, response: ServerResponse, query: URLSearchParams): void {
    let watchers = this.#watchers.get(watcher.resource)
    if (watchers === undefined) {
      watchers = new Set()
      this.#watchers.set(watcher.resource, watchers)
    }
    watchers.add(watcher)
    const isMarked = query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1'
    const mark = (): void => watcher.bookmark(String(this.#storage.resourceVersion))
    const bookmarks = isMarked ? setInterval(mark, this.#options.bookmarkMs) : undefined
    const seconds = Number(query.get('timeoutSeconds') ?? 0) || 1800 + Math.random() * 1800
    const timeout = setTimeout(
      () => {
        if (isMarked) mark()
        watcher.end()
      },
      Math.min(seconds, LONGEST_TIMEOUT_S) * 1000,
    )
    response.on('close', () => {
      clearInterval(bookmarks)
      clearTimeout(timeout)
      this.#watchers.get(watcher.resource)?.delete(watcher)
    })
  }
}
