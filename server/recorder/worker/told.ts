import 'server-only';
import type { HistoryEvent } from '@/server/recorder/types';
import type { Line } from './lines';

/** An event as it is recorded. `of`: the finding that closed, where its words are those of its span. */
export interface ToldEvent extends HistoryEvent {
  readonly of?: string;
}

/** Ids of events of frames begin here: those that the database has given to others are smaller. */
const FRAME_IDS = 2 ** 50;
/** Events that one frame may have. */
const PER_FRAME = 2 ** 20;

/** The ids of a frame's events by their number; they grow with time. */
export function idsOf(frame: number): (n: number) => number {
  return (n) => FRAME_IDS + frame * PER_FRAME + n;
}

/** The event of a line. */
export function toldOf(line: Line): ToldEvent {
  const told = JSON.parse(line.text) as Omit<ToldEvent, 'at' | 'detail'> & { readonly detail?: string };
  return { ...told, at: line.at, detail: told.detail ?? '' };
}

/** A finding from when to when it was open, as events say it. */
export interface ToldSpan {
  readonly finding: string;
  readonly opened: number;
  closed: number | null;
  /** JSON of what is new of the finding; '': nothing. */
  word: string;
}

/** What events change of spans; `openedAt`: when a finding was opened that was open before them. */
export function spansOf(
  events: readonly ToldEvent[],
  openedAt: (finding: string) => number | undefined,
): readonly ToldSpan[] {
  const spans = new Map<string, ToldSpan>();
  const open = new Map<string, ToldSpan | null>();
  const spanOf = (finding: string, opened: number): ToldSpan => {
    const key = `${opened} ${finding}`;
    const span = spans.get(key) ?? { finding, opened, closed: null, word: '' };
    spans.set(key, span);
    // Closed and open again within a millisecond: it was open all the time.
    span.closed = null;
    open.set(finding, span);
    return span;
  };
  const openOne = (finding: string): ToldSpan | null => {
    const known = open.get(finding);
    if (known !== undefined) return known;
    const opened = openedAt(finding);
    return opened === undefined ? null : spanOf(finding, opened);
  };
  for (const { at, type, finding, of } of events) {
    const id = finding?.id ?? of;
    if (id === undefined) continue;
    if (type === 'finding-opened') spanOf(id, at).word = JSON.stringify(finding);
    if (type !== 'finding-closed' && type !== 'finding-changed') continue;
    const span = openOne(id);
    if (!span) continue;
    if (type === 'finding-changed') span.word = JSON.stringify(finding);
    else {
      span.closed = at;
      open.set(id, null);
    }
  }
  return [...spans.values()];
}
