/** History → what the strip shows, grouped so that it stays readable. Pure; times in epoch ms. */
import type { Status } from '@/lib/topology/model';
import type { WireHistory } from '@/lib/wire/history';
import { placeIn, type Range } from './scale';

type Span = WireHistory['spans'][number];
type Event = WireHistory['events'][number];

/** A time in which at least one fault of a lane was open. */
export interface Stretch extends Range {
  /** Whether it goes on. */
  readonly open: boolean;
  /** Most problems at once would be hard to read: how many in all. */
  readonly count: number;
  readonly titles: readonly string[];
}

export interface Lane {
  readonly status: Status;
  readonly stretches: readonly Stretch[];
}

export interface EventMark {
  readonly at: number;
  readonly sign: 'deploy' | 'change' | 'note';
  readonly count: number;
  readonly titles: readonly string[];
}

const ORDER: readonly Status[] = ['broken', 'degraded', 'warning', 'unknown'];
/** Stretches closer than this are drawn as one. */
const NEAR = 3;
/** Marks closer than this share a sign. */
const SHARED_SIGN = 14;

/** Faults of traffic by severity, worst first; lanes without any are left out. `now` ends what is open. */
export function lanesOf(spans: readonly Span[], range: Range, width: number, now: number): readonly Lane[] {
  const causes = new Map(spans.map(({ finding }) => [finding.id, finding.cause]));
  const explaining = new Set(causes.values());
  const lanes = new Map<Status, Item[]>();
  for (const { opened, closed, finding } of spans) {
    const status = statusOf(finding);
    const from = Date.parse(opened);
    const to = closed === null ? now : Date.parse(closed);
    if (status === null || !(to >= range.from && from <= range.to)) continue;
    const items = lanes.get(status) ?? [];
    items.push({
      from: Math.max(from, range.from),
      to: Math.min(to, range.to),
      open: closed === null,
      root: rootOf(finding.id, causes),
      // What only explains another fault is told there.
      title: explaining.has(finding.id) ? '' : finding.title,
    });
    lanes.set(status, items);
  }
  const near = ((range.to - range.from) / Math.max(width, 1)) * NEAR;
  return ORDER.flatMap((status) => {
    const items = lanes.get(status);
    return items ? [{ status, stretches: joined(items, near) }] : [];
  });
}

interface Item extends Range {
  readonly open: boolean;
  readonly root: string;
  readonly title: string;
}

function statusOf({ impact, state, severity }: Span['finding']): Status | null {
  if (impact !== 'traffic') return null;
  if (state === 'unknown') return 'unknown';
  return severity === 'info' ? null : severity;
}

function rootOf(id: string, causes: ReadonlyMap<string, string | null>): string {
  const seen = new Set([id]);
  let at = id;
  for (let next = causes.get(at); next && !seen.has(next); next = causes.get(at)) {
    seen.add(next);
    at = next;
  }
  return at;
}

function joined(items: Item[], near: number): readonly Stretch[] {
  items.sort((a, b) => a.from - b.from || a.to - b.to);
  const groups: Item[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    const last = groups.at(-1);
    if (last && item.from <= end + near) last.push(item);
    else groups.push([item]);
    end = Math.max(item.to, last && item.from <= end + near ? end : item.to);
  }
  return groups.map((group) => ({
    from: Math.min(...group.map(({ from }) => from)),
    to: Math.max(...group.map(({ to }) => to)),
    open: group.some(({ open }) => open),
    count: new Set(group.map(({ root }) => root)).size,
    titles: [...new Set(group.map(({ title }) => title))].filter((title) => title !== ''),
  }));
}

/** What was changed, and what befell the record itself; near ones share a sign. */
export function marksOf(events: readonly Event[], range: Range, width: number): readonly EventMark[] {
  const marks: EventMark[] = [];
  for (const event of events) {
    const at = Date.parse(event.at);
    const sign = signOf(event);
    if (sign === null || !(at >= range.from && at <= range.to)) continue;
    const last = marks.at(-1);
    const near =
      last && placeIn(at, range, width) - placeIn(last.at, range, width) < SHARED_SIGN ? last : null;
    if (!near) {
      marks.push({ at, sign, count: 1, titles: [wordsOf(event)] });
      continue;
    }
    marks[marks.length - 1] = {
      at: near.at,
      sign: weightier(near.sign, sign),
      count: near.count + 1,
      titles: [...near.titles, wordsOf(event)],
    };
  }
  return marks;
}

const WEIGHT = { note: 0, change: 1, deploy: 2 } as const;

function weightier(a: EventMark['sign'], b: EventMark['sign']): EventMark['sign'] {
  return WEIGHT[a] >= WEIGHT[b] ? a : b;
}

function signOf({ type, change }: Event): EventMark['sign'] | null {
  if (type === 'change') return change?.kind === 'deploy' ? 'deploy' : 'change';
  return type.startsWith('finding-') ? null : 'note';
}

/** An event in one line. */
export function wordsOf({ type, detail, finding, change }: Event): string {
  if (change) {
    const who = change.who === null ? '' : ` by ${change.who.manager}`;
    return `${change.object}: ${change.title}${who}`;
  }
  if (finding) return `${type === 'finding-closed' ? 'mended' : 'broke'}: ${finding.title}`;
  return detail === '' ? type.replace(/-/g, ' ') : detail;
}

/** Times worth stepping to: changes, and faults of traffic that open and close. Sorted, once each. */
export function stepsOf(events: readonly Event[]): readonly number[] {
  const some = events.filter(
    ({ type, finding }) =>
      type === 'change' || (finding?.impact === 'traffic' && finding.severity !== 'info'),
  );
  return [...new Set(some.map(({ at }) => Date.parse(at)))].sort((a, b) => a - b);
}

/** Parts of the range of which nothing is recorded. */
export function gapsOf(
  gaps: WireHistory['gaps'],
  range: Range,
): readonly (Range & { readonly reason: string })[] {
  return gaps
    .map(({ from, to, reason }) => ({
      from: Math.max(Date.parse(from), range.from),
      to: Math.min(Date.parse(to), range.to),
      reason,
    }))
    .filter(({ from, to }) => to > from);
}
