// One open watch: what it sees of a write, and how the lines go out.
import type { ServerResponse } from 'node:http';
import type { StorageEvent } from './change-queue';
import type { JsonRecord } from './json';
import { type Presentation, partial, present, table } from './present';
import { Revision } from './revision';
import type { Selection } from './selection';
import type { StatusError } from './status';
import { type ChangeType, groupVersion, type KubeObject } from './types';

const NEWLINE = Buffer.from('}\n');

/** What a watch with a selection sees of a write: an object that begins to match is added, one that ceases is deleted. */
export function seenAs(
  event: StorageEvent,
  selection: Selection,
): { type: ChangeType; revision: Revision } | undefined {
  const matches = selection.matches(event.object);
  if (event.type !== 'MODIFIED') return matches ? { type: event.type, revision: event.revision } : undefined;
  const matched = event.old !== undefined && selection.matches(event.old);
  if (matches) return { type: matched ? 'MODIFIED' : 'ADDED', revision: event.revision };
  if (!matched || event.old === undefined) return undefined;
  const { resourceVersion } = event.object.metadata;
  const last: KubeObject = {
    ...event.old,
    metadata: { ...event.old.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
  };
  return { type: 'DELETED', revision: new Revision(last, event.revision.version) };
}

export type WatcherOptions = {
  resource: string;
  path: string;
  selection: Selection;
  presentation: Presentation;
  /** Bytes the client may be behind before it is cut off. */
  maxBufferedBytes: number;
  now: () => number;
};

/** An open watch response. */
export class Watcher {
  readonly resource: string;
  readonly path: string;
  readonly #options: WatcherOptions;
  readonly #response: ServerResponse;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #isScheduled = false;
  #isFirst = true;
  /** Kept open without a word, as a half-open connection (a fault). */
  isStalled = false;
  /** Whether it has caught up and sees writes as they happen. */
  isLive = false;

  constructor(response: ServerResponse, options: WatcherOptions) {
    this.#response = response;
    this.#options = options;
    this.resource = options.resource;
    this.path = options.path;
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' });
    response.flushHeaders();
  }

  /** Sends what the watch sees of a write. */
  handle(event: StorageEvent): void {
    const seen = seenAs(event, this.#options.selection);
    if (seen !== undefined) this.send(seen.type, seen.revision);
  }

  send(type: ChangeType, revision: Revision): void {
    const presentation = { ...this.#options.presentation, now: this.#options.now() };
    const body = present(revision, presentation, this.#isFirst);
    this.#isFirst = false;
    this.#queue([Buffer.from(`{"type":"${type}","object":`), body, NEWLINE]);
  }

  /** Tells the client how far it has seen everything. */
  bookmark(version: string, annotations?: Record<string, string>): void {
    const { info, format } = this.#options.presentation;
    const metadata = {
      resourceVersion: version,
      creationTimestamp: null,
      ...(annotations === undefined ? {} : { annotations }),
    };
    const plain = { kind: info.kind, apiVersion: groupVersion(info), metadata } as unknown as KubeObject;
    let object: JsonRecord = plain;
    if (format === 'metadata') object = partial(plain);
    if (format === 'table')
      object = table([], this.#options.presentation, { resourceVersion: version }, false);
    this.#queue([Buffer.from(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`)]);
  }

  /** Ends the watch with an ERROR event. */
  fail(error: StatusError): void {
    this.#queue([Buffer.from(`${JSON.stringify({ type: 'ERROR', object: error.toStatus() })}\n`)]);
    this.end();
  }

  /** Writes bytes as they are (a fault). */
  raw(bytes: string): void {
    this.#queue([Buffer.from(bytes)]);
  }

  /** Ends the watch as a server does at its timeout. */
  end(): void {
    this.flush();
    this.#response.end();
  }

  /** Cuts the connection, after what was written has gone out if asked. */
  cut(isAfterFlush = false): void {
    if (!isAfterFlush) {
      this.#response.destroy();
      return;
    }
    this.flush();
    this.#response.write('', () => this.#response.destroy());
  }

  #queue(pieces: readonly Buffer[]): void {
    if (this.isStalled || this.#response.destroyed || this.#response.writableEnded) return;
    for (const piece of pieces) {
      this.#pending.push(piece);
      this.#pendingBytes += piece.length;
    }
    if (this.#pendingBytes + this.#response.writableLength > this.#options.maxBufferedBytes) {
      // A reader this slow lists again; it must not make the server hold its past.
      this.#pending = [];
      this.#response.destroy();
      return;
    }
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }

  /** Writes what has gathered. */
  flush(): void {
    this.#isScheduled = false;
    if (this.#pending.length === 0 || this.#response.destroyed) return;
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#response.write(bytes);
  }
}
