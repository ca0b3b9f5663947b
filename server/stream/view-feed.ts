import 'server-only';
import { frame, head } from '@/lib/wire/sse';
import { formatPosition } from '@/lib/wire/views';
import type { ChunkReader } from '@/server/hub/chunks';
import type { SharedView, Snapshot } from '@/server/hub/shared-view';

/** A client this far behind gets one fresh snapshot instead of all that it missed. */
const MOST_BEHIND = { count: 200, bytes: 256 * 1024 };

const encoder = new TextEncoder();

/** What one client has of one view, and what it is to be sent next. */
export class ViewFeed {
  readonly name: string;
  readonly view: SharedView;
  readonly #epoch: string;
  #sent: number | null;
  #snapshot: {
    readonly version: number;
    readonly reader: ChunkReader;
    started: boolean;
    readonly withId: boolean;
  } | null = null;

  /** @param resumeAt the version that the client has; null for none. */
  constructor(name: string, view: SharedView, epoch: string, resumeAt: number | null) {
    this.name = name;
    this.view = view;
    this.#epoch = epoch;
    this.#sent = resumeAt;
  }

  /** A snapshot is under way: its pieces must follow each other. */
  get inSnapshot(): boolean {
    return this.#snapshot !== null;
  }

  /** Whether the client has a state to which deltas apply. */
  get hasState(): boolean {
    return this.#sent !== null;
  }

  /** What comes next: a whole snapshot, the change to a version, or nothing. */
  next(): 'snapshot' | number | null {
    if (this.#sent === null) return 'snapshot';
    const entry = this.view.ring.after(this.#sent);
    if (entry === 'gone') return 'snapshot';
    if (!entry) return null;
    const backlog = this.view.ring.backlog(this.#sent);
    return backlog.count > MOST_BEHIND.count || backlog.bytes > MOST_BEHIND.bytes
      ? 'snapshot'
      : entry.version;
  }

  /** Starts sending a snapshot; false when its pieces are gone already: ask for another. */
  begin(snapshot: Snapshot, withId: boolean): boolean {
    const reader = snapshot.chunks.reader();
    if (!reader) return false;
    this.#snapshot = { version: snapshot.version, reader, started: false, withId };
    return true;
  }

  /** The next piece of the snapshot under way; null when it is complete. */
  piece(): Uint8Array | null {
    const current = this.#snapshot;
    if (!current) return null;
    const chunk = current.reader.next();
    if (!chunk) {
      this.#snapshot = null;
      this.#sent = current.version;
      return encoder.encode('\n\n');
    }
    if (current.started) return chunk;
    current.started = true;
    const id = current.withId ? this.#id(current.version) : undefined;
    return joined(`${head('snapshot', id)}{"view":${JSON.stringify(this.name)},`, chunk.subarray(1));
  }

  /** The next delta as a frame. */
  delta(withId: boolean): Uint8Array | null {
    const entry = this.#sent === null ? null : this.view.ring.after(this.#sent);
    if (!entry || entry === 'gone') return null;
    const fields = { view: this.name, epoch: this.#epoch, from: this.#sent };
    const data = `${JSON.stringify(fields).slice(0, -1)},${entry.body}`;
    this.#sent = entry.version;
    return encoder.encode(frame('delta', data, withId ? this.#id(entry.version) : undefined));
  }

  close(): void {
    this.#snapshot?.reader.close();
    this.#snapshot = null;
  }

  #id(version: number): string {
    return formatPosition({ epoch: this.#epoch, version });
  }
}

function joined(text: string, chunk: Uint8Array): Uint8Array {
  const start = encoder.encode(text);
  const result = new Uint8Array(start.length + chunk.length);
  result.set(start);
  result.set(chunk, start.length);
  return result;
}
