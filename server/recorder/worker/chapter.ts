import 'server-only';
import type { LoggedChange } from './lines';
import { RawLines } from './raw-lines';

/** When a chapter ends: whichever comes first. */
export interface ChapterLimits {
  readonly frames: number;
  /** Bytes; the worker keeps them in memory until then. */
  readonly size: number;
  /** From its first change to its last; what is older than the retention goes by chapters. */
  readonly spanMs: number;
}

export const CHAPTER: ChapterLimits = { frames: 2000, size: 24 * 1024 * 1024, spanMs: 3_600_000 };
/** Chapters of one retention, at least. */
const CHAPTERS = 24;

/** The limits for what is kept for so long. */
export function chaptersFor(ageMs: number, frames = CHAPTER.frames): ChapterLimits {
  return { ...CHAPTER, frames, spanMs: Math.min(CHAPTER.spanMs, ageMs / CHAPTERS) };
}

/** Frames that stand in the log, sorted by partition: what they have in common is packed once. */
export class Chapter {
  readonly parts = new Map<string, RawLines>();
  /** Lines with their ids, frame by frame. */
  readonly events: Buffer[] = [];
  first = 0;
  last = 0;
  since = 0;
  #frames = 0;
  #size = 0;

  get isEmpty(): boolean {
    return this.#frames === 0;
  }

  add(frame: number, since: number): void {
    if (this.isEmpty) {
      this.first = frame;
      this.since = since;
    }
    this.last = frame;
    this.#frames++;
  }

  addChange({ at, parts, body }: LoggedChange & { readonly body: Buffer }): void {
    let start = 0;
    for (const [part, length] of parts) {
      this.addLine(part, at, body, start, length);
      start += length;
    }
  }

  addLine(part: string, at: number, body: Buffer, start = 0, length = body.length): void {
    this.#size += length;
    let lines = this.parts.get(part);
    if (!lines) {
      lines = new RawLines();
      this.parts.set(part, lines);
    }
    lines.add(at, body, start, length);
  }

  addEvents(lines: Buffer): void {
    this.#size += lines.length;
    this.events.push(lines);
  }

  /** Whether it ends before something that happens at a time. */
  isOver(limits: ChapterLimits, at: number): boolean {
    if (this.isEmpty) return false;
    return this.#frames >= limits.frames || this.#size >= limits.size || at - this.since > limits.spanMs;
  }
}
