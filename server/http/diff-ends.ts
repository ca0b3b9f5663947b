import 'server-only';
import type { Side } from '@/lib/history/scope';
import { parseView } from '@/lib/snapshot/view';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';
import type { WireDiffEnd } from '@/lib/wire/diff';
import type { Parsed } from '@/lib/wire/filters';
import { FILE_ID } from '@/server/snapshots/snapshots';
import { isToken } from '@/server/snapshots/tokens';
import type { HttpContext } from './context';
import { absent } from './past-topology';
import { problem } from './problem';
import { gone, tooOften } from './snapshot-answers';
import { rfc3339, timeParameter } from './time';

/** What one end of a comparison names. Times in epoch ms. */
export type Wanted =
  | { readonly kind: 'now' }
  | { readonly kind: 'time'; readonly at: number }
  | { readonly kind: 'snapshot'; readonly id: string };

const ALLOWED = ['now', '2026-01-31T12:00:00.000Z', 'the id of a snapshot'];

/** Reads `from` or `to`; null: it is not given. */
export function wantedEnd(params: URLSearchParams, name: string): Parsed<Wanted | null> {
  const value = params.get(name) ?? '';
  if (value === '') return { ok: true, value: null };
  if (value === 'now') return { ok: true, value: { kind: 'now' } };
  if (isToken(value) || value === FILE_ID) return { ok: true, value: { kind: 'snapshot', id: value } };
  const time = timeParameter(params, name);
  if (time.ok && time.value !== null) return { ok: true, value: { kind: 'time', at: time.value } };
  return {
    ok: false,
    errors: [
      {
        parameter: name,
        value: value.slice(0, 80),
        problem: 'is neither a time nor a snapshot',
        allowed: ALLOWED,
      },
    ],
  };
}

/** One end of a comparison. */
export interface End {
  readonly told: WireDiffEnd;
  /** The topology narrowed to filters as far as its source can do that: a snapshot shows what it has, whatever is asked. */
  readonly side: (filters: ViewFilters) => Promise<Side>;
  /** The filters of a snapshot's own view; null: it can show everything. */
  readonly own: ViewFilters | null;
}

/** Opens an end, or says why it cannot be had. */
export async function openEnd(
  wanted: Wanted,
  request: Request,
  context: HttpContext,
): Promise<End | Response> {
  if (wanted.kind === 'now') return openNow(context);
  if (wanted.kind === 'time') return await openTime(wanted.at, context);
  return await openSnapshot(wanted.id, request, context);
}

function openNow(context: HttpContext): End | Response {
  const { hub } = context;
  if (!hub.synced)
    return problem({
      status: 503,
      title: 'Nothing to compare with yet',
      detail: 'The cluster has not been read yet.',
      headers: { 'Retry-After': '2' },
    });
  const { cluster } = hub.head;
  const note =
    cluster.connection === 'live'
      ? ''
      : `The cluster is ${cluster.connection} since ${cluster.since}: this is the last that was seen.`;
  const now = rfc3339(Date.now());
  return {
    told: { kind: 'now', id: null, takenAt: hub.head.takenAt, at: null, exact: note === '', note },
    side: async (filters) => ({ ...(await hub.frozen(filters)), takenAt: now }),
    own: null,
  };
}

async function openTime(time: number, context: HttpContext): Promise<End | Response> {
  const at = rfc3339(time);
  // The smallest view there is: only whether that time can be shown, and what to know of it.
  const found = await context.recorder.at(time, { ...NO_FILTERS, namespace: [NOWHERE] });
  if ('missing' in found) return absent(time, found);
  const { topology, exact, gap } = found;
  const note = gap
    ? `Nothing was recorded from ${rfc3339(gap.from)} to ${rfc3339(gap.to)} (${gap.reason}): this is the last that was seen before.`
    : '';
  return {
    told: { kind: 'time', id: null, takenAt: topology.takenAt, at, exact, note },
    side: async (filters) => {
      const part = await context.recorder.at(time, filters);
      if ('missing' in part) throw new Gone(absent(time, part));
      // What was so at that time is what was so when it last changed before.
      return { ...part.topology, takenAt: at };
    },
    own: null,
  };
}

/** No namespace is called so. */
const NOWHERE = '%';

/** An end that was there a moment ago is not any more. */
export class Gone extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super('the time has left what is kept');
    this.response = response;
  }
}

async function openSnapshot(id: string, request: Request, context: HttpContext): Promise<End | Response> {
  const read = await context.snapshots.read(id, context.callerOf(request.headers));
  if ('waitMs' in read) return tooOften(read.waitMs, 'Too many snapshots were asked for that there are not.');
  if (!('found' in read)) return gone();
  const { redacted, takenAt, view, caveat, topology } = read.found;
  if (redacted)
    return problem({
      status: 422,
      title: 'Names are redacted',
      detail: 'The names in this snapshot are pseudonyms: it can be compared with nothing.',
    });
  const { cluster } = topology;
  const elsewhere =
    cluster.id === context.hub.head.cluster.id ? '' : `It is of the cluster ${JSON.stringify(cluster.name)}.`;
  const parsed = parseView(view);
  const own = parsed.ok ? parsed.value.filters : NO_FILTERS;
  return {
    told: {
      kind: 'snapshot',
      id,
      takenAt,
      at: null,
      exact: caveat === '',
      note: [caveat, elsewhere].filter((part) => part !== '').join(' '),
    },
    side: () => Promise.resolve({ ...topology, takenAt }),
    own,
  };
}
