import 'server-only';
import { redacted } from '@/lib/snapshot/redact';
import { verdictOf } from '@/lib/snapshot/verdict';
import { type FrozenView, formatView } from '@/lib/snapshot/view';
import type { Topology } from '@/lib/topology/model';
import type { ViewFilters } from '@/lib/topology/view-filters';
import {
  type CreateSnapshot,
  DEFAULT_EXPIRY_MS,
  DOCUMENT_SCHEMA,
  type SnapshotDocument,
} from '@/lib/wire/snapshot';
import { topologyChunks } from '@/server/hub/chunks';
import { inTurns, yieldTurn } from '@/server/hub/turns';
import type { Recorder } from '@/server/recorder/recorder';
import type { Gap, Missing } from '@/server/recorder/types';
import type { SnapshotLimits } from './limits';

/** Where topologies come from. */
export interface Sources {
  /** The view as it is now; null: nothing has been seen yet. */
  readonly freeze: (filters: ViewFilters) => Promise<Topology | null>;
  readonly at: Recorder['at'];
  /** All that these sources may show; absent: everything. */
  readonly namespaces?: readonly string[];
}

export interface Moment {
  readonly takenAt: number;
  readonly topology: Topology;
  readonly caveat: string;
}

/** The view of the moment that is asked for; null: nothing has been seen yet. Times in epoch ms. */
export async function momentOf(
  { at }: CreateSnapshot,
  view: FrozenView,
  now: number,
  sources: Sources,
  limits: SnapshotLimits,
): Promise<Moment | Missing | null> {
  const budget = Math.min(view.filters.budget ?? limits.nodes, limits.mostNodes);
  const filters = { ...view.filters, budget };
  if (at === undefined) {
    const topology = await sources.freeze(filters);
    return topology && { takenAt: now, topology, caveat: '' };
  }
  const takenAt = Date.parse(at);
  const found = await sources.at(takenAt, filters);
  if ('missing' in found) return found;
  return { takenAt, topology: found.topology, caveat: caveatOf(found.gap, found.exact) };
}

function caveatOf(gap: Gap | null, exact: boolean): string {
  if (gap) {
    const [from, to] = [gap.from, gap.to].map((time) => new Date(time).toISOString());
    return `Nothing was recorded from ${from} to ${to} (${gap.reason}): this is the last that was seen before.`;
  }
  return exact ? '' : 'What changed in the last seconds before this time may be missing.';
}

/** Makes the document: nothing in it is looked up later. Slow parts run in slices. */
export async function documentOf(
  input: CreateSnapshot,
  view: FrozenView,
  moment: Moment,
  now: number,
  namespaces?: readonly string[],
): Promise<SnapshotDocument> {
  const time = (ms: number) => new Date(ms).toISOString();
  const takenAt = time(moment.takenAt);
  const whole = { ...moment.topology, takenAt };
  const note = input.note?.trim() ?? '';
  const shown = input.redact ? await inTurns(redacted(whole, view, note)) : { topology: whole, view, note };
  await yieldTurn();
  return {
    schema: DOCUMENT_SCHEMA,
    takenAt,
    createdAt: time(now),
    expiresAt: time(now + (input.expiresInMs ?? DEFAULT_EXPIRY_MS)),
    note: shown.note,
    view: formatView(shown.view),
    trace: null,
    public: input.public ?? false,
    redacted: input.redact ?? false,
    caveat: moment.caveat,
    verdict: await inTurns(verdictOf(shown.topology, shown.view.filters.focus)),
    ...(namespaces && !input.redact ? { namespaces: [...namespaces] } : {}),
    topology: shown.topology,
  };
}

/** The document's JSON, written in slices. */
export function* textOf({ topology, ...fields }: SnapshotDocument): Generator<void, string> {
  const pieces = [JSON.stringify(fields).slice(0, -1), ',"topology":'];
  for (const piece of topologyChunks(topology)) {
    pieces.push(piece);
    yield;
  }
  return `${pieces.join('')}}`;
}
