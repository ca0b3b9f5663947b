import 'server-only';
import type { ViewFilters } from '@/lib/topology/view-filters';
import type { WireRecorded } from '@/lib/wire/history';
import { RecorderUnavailable } from '@/server/recorder/recorder';
import type { Missing, RebuiltText } from '@/server/recorder/types';
import type { HttpContext } from './context';
import { unavailable } from './history';
import { API_HEADERS, badParameters, problem } from './problem';
import { rfc3339 } from './time';

/** `GET /api/v1/topology?at=TIME`: the view as it was at a time (epoch ms), with `recorded` beside it. */
export async function getPastTopology(
  time: number,
  filters: ViewFilters,
  context: HttpContext,
): Promise<Response> {
  if (filters.scope === 'all') {
    const what = 'is not recorded: of the past there is what entries reach';
    return badParameters([{ parameter: 'scope', value: 'all', problem: what, allowed: ['entry'] }]);
  }
  const found = await context.recorder.atText(time, filters);
  if ('missing' in found) return absent(time, found);
  return new Response(bodyOf(time, found), {
    headers: {
      ...API_HEADERS,
      'Content-Type': 'application/json; charset=utf-8',
      Vary: 'Cookie, Authorization, Accept-Encoding',
    },
  });
}

/** Why a time (epoch ms) cannot be shown. */
export function absent(time: number, found: Missing): Response {
  const { missing, reason, oldest, newest } = found;
  if (missing === 'down') return unavailable(new RecorderUnavailable(reason));
  const kept =
    oldest === null || newest === null
      ? 'Nothing is kept.'
      : `What is kept reaches from ${rfc3339(oldest)} to ${rfc3339(newest)}.`;
  const detail = `There is no topology of ${rfc3339(time)}: ${reason}. ${kept}`;
  return problem({ status: 404, title: 'Not recorded', detail });
}

/** The pieces as they came: the last closes the object, and `recorded` goes in before it. */
function bodyOf(time: number, { pieces, exact, gap }: RebuiltText): ReadableStream<Uint8Array> {
  const recorded: WireRecorded = {
    at: rfc3339(time),
    exact,
    gap: gap && { from: rfc3339(gap.from), to: rfc3339(gap.to), reason: gap.reason },
  };
  const end = new TextEncoder().encode(`,"recorded":${JSON.stringify(recorded)}}`);
  const all = [...pieces.slice(0, -1), end];
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const piece = all[next++];
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
}
