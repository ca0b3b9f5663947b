'use client';

/** The view in the address bar: everything a link must bring back. Named as the API's filters are. */
import {
  createLoader,
  createSerializer,
  parseAsNativeArrayOf,
  parseAsString,
  parseAsStringLiteral,
  type UseQueryStatesReturn,
  useQueryStates,
} from 'nuqs';
import { GROUPINGS } from '@/components/panels/problem-groups';

const list = parseAsNativeArrayOf(parseAsString);

const PARSERS = {
  namespace: list,
  class: list,
  controller: list,
  host: list,
  service: list,
  status: list,
  q: parseAsString.withDefault(''),
  expand: list,
  cluster: parseAsString,
  /** `all`: the focus may be something that no entry reaches. */
  scope: parseAsStringLiteral(['all'] as const),
  /** Only the chains through this node are drawn. */
  focus: parseAsString,
  /** The node that the inspector shows. */
  select: parseAsString,
  show: parseAsStringLiteral(['graph', 'list'] as const),
  /** How the problems are grouped. */
  group: parseAsStringLiteral(GROUPINGS),
  severity: list,
  impact: list,
  /** The moment that is looked at, RFC 3339; null: now. */
  t: parseAsString,
  /** What it is compared with: id of a snapshot, or a moment as RFC 3339. */
  compare: parseAsString,
};

const load = createLoader(PARSERS);
const serialize = createSerializer(PARSERS);

type View = UseQueryStatesReturn<typeof PARSERS>;
export type ViewState = View[0];
export type SetViewState = View[1];

/** Filters that the server applies, in the order in which they are written. */
const LISTS = ['namespace', 'host', 'class', 'controller', 'service', 'status', 'expand'] as const;

export type ListFilter = Exclude<(typeof LISTS)[number], 'expand'>;

/** The view state, and how to change it; every change is a step that Back undoes. */
export function useViewState(): View {
  return useQueryStates(PARSERS, { history: 'push', shallow: true, scroll: false });
}

/** The view that a query string means, as that of a snapshot; parameters that are none of a view are left out. */
export function viewOfQuery(query: string): ViewState {
  return load(new URLSearchParams(query));
}

/** The query string of a view, without its question mark. */
export function queryOfView(view: Partial<ViewState>): string {
  return serialize(view).replace(/^\?/, '');
}

/** The view as a snapshot is asked for: without the moment, which is asked for beside it. */
export function sharedView(view: ViewState): string {
  // Of the past there is only what an entry reaches.
  const scope = view.t === null ? view.scope : null;
  return queryOfView({ ...view, scope, t: null, compare: null });
}

/** Above this many nodes the server folds what is healthy; a picture of more can't be read anyway. */
const BUDGET = 500;

/**
 * The server's filters as one query string: equal views make equal strings, and so share one stream.
 * `distant` is a focus that the unfocused view does not hold (folded away, filtered away).
 */
export function streamFilters(view: ViewState, distant: string | null): string {
  const query = new URLSearchParams();
  for (const key of LISTS) for (const value of [...new Set(view[key])].sort()) query.append(key, value);
  if (view.q !== '') query.set('q', view.q);
  if (distant !== null) query.set('focus', distant);
  query.set('budget', String(BUDGET));
  if (distant !== null && view.scope !== null) query.set('scope', view.scope);
  if (view.cluster !== null) query.set('cluster', view.cluster);
  return query.toString();
}

/** How many filters narrow the view. */
export function countFilters(view: ViewState): number {
  const lists = LISTS.filter((key) => key !== 'expand').reduce((sum, key) => sum + view[key].length, 0);
  return lists + (view.q === '' ? 0 : 1);
}

export const NO_FILTERS = {
  namespace: null,
  host: null,
  class: null,
  controller: null,
  service: null,
  status: null,
  q: null,
  scope: null,
} as const;
