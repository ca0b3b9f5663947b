import 'server-only';
import type { DeltaMessage, NewEvent } from '@/server/recorder/messages';
import type { LoggedChange } from './lines';
import { RawLines } from './raw-lines';

/** An event with its time. */
export interface TimedEvent extends NewEvent {
  readonly at: number;
}

/** Published changes that are written together: one frame. */
export class Batch {
  readonly changes: (LoggedChange & { readonly body: Buffer })[] = [];
  /** Each the JSON of a {@link NewEvent}. */
  readonly events = new RawLines();
  /** Of what was sent. */
  bytes = 0;
  since = 0;
  at = 0;
  epoch = '';
  version = 0;

  get isEmpty(): boolean {
    return this.changes.length === 0;
  }

  /** Adds a change, and what is to be noted beside its own events. Times never go back. */
  add(message: DeltaMessage, notes: readonly NewEvent[]): void {
    const at = Math.max(message.at, this.at);
    if (this.isEmpty) this.since = at;
    this.at = at;
    this.epoch = message.epoch;
    this.version = message.version;
    this.bytes += message.bytes;
    const { parts } = message;
    const body = Buffer.from(message.body.buffer, message.body.byteOffset, message.body.byteLength);
    this.changes.push({ at, parts, body });
    for (const note of notes) this.events.add(at, Buffer.from(JSON.stringify(note)));
    let start = parts.reduce((sum, [, length]) => sum + length, 0);
    for (const length of message.events) {
      this.events.add(at, body, start, length);
      start += length;
    }
  }

  /** Raises all times that are earlier than this one, to which everything before has been written. */
  raise(least: number): void {
    if (this.since >= least) return;
    this.since = least;
    this.at = Math.max(this.at, least);
    for (const [n, change] of this.changes.entries())
      if (change.at < least) this.changes[n] = { ...change, at: least };
    this.events.raise(least);
  }
}
