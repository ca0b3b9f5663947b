import 'server-only';
import type { Line, RawLine } from './lines';

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
  readonly parts = new Map<string, RawLine[]>();
  /** With their ids. */
  readonly events: Line[] = [];
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

  addLine(part: string, line: RawLine): void {
    this.#size += line.json.length;
    const lines = this.parts.get(part);
    if (lines) lines.push(line);
    else this.parts.set(part, [line]);
  }

  addEvent(line: Line): void {
    this.#size += line.text.length;
    this.events.push(line);
  }

  /** Whether it ends before something that happens at a time. */
  isOver(limits: ChapterLimits, at: number): boolean {
    if (this.isEmpty) return false;
    return this.#frames >= limits.frames || this.#size >= limits.size || at - this.since > limits.spanMs;
  }
}
