import 'server-only';
import type { WireHistory } from '@/lib/wire/history';
import { isRecorderUnavailable, type RecorderUnavailable } from '@/server/recorder/recorder';
import type { History } from '@/server/recorder/types';
import type { HttpContext } from './context';
import { badParameters, json, problem } from './problem';
import { rfc3339, rfc3339OrNull, timeParameter } from './time';

const DAY_MS = 86_400_000;
const LIMIT = 2000;
export const MOST_EVENTS = 20_000;

/** `GET /api/v1/history?from&to&limit` */
export async function getHistory(request: Request, context: HttpContext): Promise<Response> {
  const params = new URL(request.url).searchParams;
  const given = { from: timeParameter(params, 'from'), to: timeParameter(params, 'to') };
  const limit = limitOf(params.get('limit') ?? '');
  const errors = Object.values(given).flatMap((time) => (time.ok ? [] : time.errors));
  if (limit === null)
    errors.push({
      parameter: 'limit',
      value: (params.get('limit') ?? '').slice(0, 80),
      problem: 'is no number of events',
      allowed: [`1 to ${MOST_EVENTS}`],
    });
  const to = (given.to.ok && given.to.value) || Date.now();
  const from = (given.from.ok && given.from.value) || to - DAY_MS;
  if (errors.length === 0 && from > to)
    errors.push({ parameter: 'from', value: rfc3339(from), problem: 'is later than `to`' });
  if (errors.length > 0 || limit === null) return badParameters(errors);
  try {
    return json(wireOf(from, to, await context.recorder.history({ from, to, limit })));
  } catch (error) {
    if (!isRecorderUnavailable(error)) throw error;
    return unavailable(error);
  }
}

/** Nothing can be kept or read now. */
export function unavailable({ message }: RecorderUnavailable): Response {
  return problem({
    status: 503,
    title: 'The recorder cannot answer',
    detail: message,
    headers: { 'Retry-After': '5' },
  });
}

function limitOf(text: string): number | null {
  if (text === '') return LIMIT;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= MOST_EVENTS ? limit : null;
}

function wireOf(from: number, to: number, history: History): WireHistory {
  return {
    from: rfc3339(from),
    to: rfc3339(to),
    oldest: rfc3339OrNull(history.oldest),
    newest: rfc3339OrNull(history.newest),
    events: history.events.map(({ at, ...event }) => ({ ...event, at: rfc3339(at) })),
    gaps: history.gaps.map((gap) => ({ ...gap, from: rfc3339(gap.from), to: rfc3339(gap.to) })),
    spans: history.spans.map(({ opened, closed, finding }) => ({
      opened: rfc3339(opened),
      closed: rfc3339OrNull(closed),
      finding,
    })),
    cut: history.cut,
  };
}
