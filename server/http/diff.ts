import 'server-only';
import { diffing } from '@/lib/history/diff';
import type { TopologyDiff } from '@/lib/history/model';
import { idsWithin, loneNamespaces, type Scope, type Side } from '@/lib/history/scope';
import { NO_FILTERS, selects, type ViewFilters } from '@/lib/topology/view-filters';
import type { ParameterProblem } from '@/lib/wire/api';
import type { WireDiff } from '@/lib/wire/diff';
import { parseFilters } from '@/lib/wire/filters';
import { inTurns, Serial } from '@/server/hub/turns';
import { type HttpContext, wrongCluster } from './context';
import { type End, Gone, openEnd, type Wanted, wantedEnd } from './diff-ends';
import { badParameters, json } from './problem';
import { withStore } from './snapshot-answers';

const LIMIT = 2000;
const MOST = 20_000;
/** Chains that spread over more namespaces are looked for in all of them. */
const MOST_NAMESPACES = 50;

/** Two topologies take much memory: one comparison at a time. */
const comparing = new Serial();

/** `GET /api/v1/diff?from&to&focus&limit` and filters: what changed. */
export async function getDiff(request: Request, context: HttpContext): Promise<Response> {
  const asked = askedOf(new URL(request.url).searchParams, context);
  if ('errors' in asked) return badParameters(asked.errors);
  return await withStore(async () => {
    const from = await openEnd(asked.from, request, context);
    if (from instanceof Response) return from;
    const to = await openEnd(asked.to, request, context);
    if (to instanceof Response) return to;
    try {
      return json(await comparing.run(() => compared(from, to, asked)));
    } catch (error) {
      if (error instanceof Gone) return error.response;
      throw error;
    }
  });
}

interface Asked {
  readonly from: Wanted;
  readonly to: Wanted;
  readonly filters: ViewFilters;
  readonly limit: number;
}

function askedOf(
  params: URLSearchParams,
  context: HttpContext,
): Asked | { readonly errors: readonly ParameterProblem[] } {
  const from = wantedEnd(params, 'from');
  const to = wantedEnd(params, 'to');
  const filters = parseFilters(params);
  const limit = limitOf(params.get('limit') ?? '');
  const errors = [from, to, filters].flatMap((part) => (part.ok ? [] : part.errors));
  if (from.ok && from.value === null)
    errors.push({
      parameter: 'from',
      value: '',
      problem: 'is missing: it says what to compare with',
      allowed: ['a time', 'the id of a snapshot', 'now'],
    });
  if (limit === null)
    errors.push({
      parameter: 'limit',
      value: (params.get('limit') ?? '').slice(0, 80),
      problem: 'is no number of entries',
      allowed: [`1 to ${MOST}`],
    });
  if (filters.ok) {
    const wrong = wrongCluster(filters.value, context);
    if (wrong) errors.push(wrong);
    if (filters.value.scope === 'all')
      errors.push({ parameter: 'scope', value: 'all', problem: 'is not recorded', allowed: ['entry'] });
  }
  if (!from.ok || !to.ok || !filters.ok || !from.value || limit === null || errors.length > 0)
    return { errors };
  return { from: from.value, to: to.value ?? { kind: 'now' }, filters: filters.value, limit };
}

function limitOf(text: string): number | null {
  if (text === '') return LIMIT;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= MOST ? limit : null;
}

async function compared(from: End, to: End, asked: Asked): Promise<WireDiff> {
  const filters = filtersOf(from, to, asked.filters);
  const { limit } = asked;
  const diff = selects(filters)
    ? await narrowed(from, to, filters, limit)
    : await inTurns(diffing(await from.side(filters), await to.side(filters), { limit }));
  return { from: from.told, to: to.told, focus: filters.focus, ...diff };
}

/** Comparisons are never folded. Where nothing else is asked for, a snapshot's own view is what is compared. */
function filtersOf(from: End, to: End, asked: ViewFilters): ViewFilters {
  const own = from.own ?? to.own;
  const wanted = own !== null && !selects(asked) ? own : asked;
  return { ...wanted, budget: null, expand: [], scope: 'entry', cluster: null };
}

/**
 * What the filters choose on either side is compared. What one side alone chooses may stand on the other all the same, in
 * chains that are not chosen there: it is looked for before it is told as added or removed.
 */
async function narrowed(from: End, to: End, filters: ViewFilters, limit: number): Promise<TopologyDiff> {
  const sides = [await from.side(filters), await to.side(filters)] as const;
  const only: Scope = await inTurns(idsWithin(sides, filters));
  const namespaces = await inTurns(loneNamespaces(sides));
  const wide: ViewFilters = {
    ...NO_FILTERS,
    namespace: namespaces.length > MOST_NAMESPACES ? [] : namespaces,
  };
  const whole = async (end: End, side: Side): Promise<Side> =>
    namespaces.length === 0 || end.own !== null ? side : joined(side, await end.side(wide));
  const [before, after] = [await whole(from, sides[0]), await whole(to, sides[1])];
  return await inTurns(diffing(before, after, { only, limit }));
}

/** Both views of one topology together. */
function joined(a: Side, b: Side): Side {
  const both = <T extends { readonly id: string }>(x: readonly T[], y: readonly T[]): readonly T[] => [
    ...new Map([...y, ...x].map((item) => [item.id, item])).values(),
  ];
  return {
    takenAt: a.takenAt,
    nodes: both(a.nodes, b.nodes),
    edges: both(a.edges, b.edges),
    findings: both(a.findings, b.findings),
  };
}
