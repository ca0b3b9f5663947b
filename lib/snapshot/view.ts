/** The view of a snapshot: the filters that the server applied, and what the page adds to them. */
import type { ViewFilters } from '@/lib/topology/view-filters';
import type { ParameterProblem } from '@/lib/wire/api';
import { FILTER_KEYS, formatFilters, MAX_VALUE_LENGTH, type Parsed, parseFilters } from '@/lib/wire/filters';

/** Parameters of the page that are no filters: what is selected, and how it is shown. */
const PAGE_KEYS = ['select', 'show', 'group', 'severity', 'impact'] as const;

export interface FrozenView {
  readonly filters: ViewFilters;
  /** Pairs of the page's own parameters, in canonical order. */
  readonly page: readonly (readonly [key: string, value: string])[];
}

/** Reads a query string, with or without its question mark; a parameter that is not known is an error. */
export function parseView(view: string): Parsed<FrozenView> {
  const params = new URLSearchParams(view.replace(/^\?/, ''));
  const known: readonly string[] = [...FILTER_KEYS, ...PAGE_KEYS];
  const errors: ParameterProblem[] = [...new Set(params.keys())]
    .filter((key) => !known.includes(key))
    .map((key) => ({
      parameter: 'view',
      value: key.slice(0, 80),
      problem: 'is no parameter of a view',
      allowed: known,
    }));
  const filters = parseFilters(params);
  if (!filters.ok) errors.push(...filters.errors);
  const page = PAGE_KEYS.flatMap((key) => params.getAll(key).map((value) => [key, value] as const));
  for (const [parameter, value] of page)
    if (value.length > MAX_VALUE_LENGTH)
      errors.push({
        parameter,
        value: `${value.slice(0, 80)}…`,
        problem: `is longer than ${MAX_VALUE_LENGTH} characters`,
      });
  if (!filters.ok || errors.length > 0) return { ok: false, errors };
  return { ok: true, value: { filters: filters.value, page } };
}

/** Writes it: filters in canonical order, then the page's own. */
export function formatView({ filters, page }: FrozenView): string {
  const own = new URLSearchParams(page.map(([key, value]) => [key, value])).toString();
  return [formatFilters(filters), own].filter((part) => part !== '').join('&');
}
