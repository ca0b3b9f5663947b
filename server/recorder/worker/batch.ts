import 'server-only';
import type { DeltaMessage, NewEvent } from '@/server/recorder/messages';
import type { Line, RawLine } from './lines';

/** An event with its time. */
export interface TimedEvent extends NewEvent {
  readonly at: number;
}

/** Published changes that are written together: one frame. */
export class Batch {
  readonly parts = new Map<string, RawLine[]>();
  /** Each the JSON of a {@link NewEvent}. */
  readonly events: Line[] = [];
  /** Of what was sent. */
  bytes = 0;
  since = 0;
  at = 0;
  epoch = '';
  version = 0;

  get isEmpty(): boolean {
    return this.parts.size === 0;
  }

  /** Adds a change, and what is to be noted beside its own events. Times never go back. */
  add(message: DeltaMessage, notes: readonly NewEvent[]): void {
    const at = Math.max(message.at, this.at);
    if (this.isEmpty) this.since = at;
    this.at = at;
    this.epoch = message.epoch;
    this.version = message.version;
    this.bytes += message.bytes;
    let start = 0;
    for (const [part, length] of message.parts) {
      this.#line(part, { at, json: message.body.subarray(start, start + length) });
      start += length;
    }
    for (const note of notes) this.events.push({ at, text: JSON.stringify(note) });
    for (const text of message.events) this.events.push({ at, text });
  }

  /** Raises all times that are earlier than this one, to which everything before has been written. */
  raise(least: number): void {
    if (this.since >= least) return;
    const raised = <T extends { readonly at: number }>(line: T): T =>
      line.at < least ? { ...line, at: least } : line;
    this.since = least;
    this.at = Math.max(this.at, least);
    for (const [part, lines] of this.parts) this.parts.set(part, lines.map(raised));
    this.events.splice(0, this.events.length, ...this.events.map(raised));
  }

  #line(part: string, line: RawLine): void {
    const lines = this.parts.get(part);
    if (lines) lines.push(line);
    else this.parts.set(part, [line]);
  }
}
