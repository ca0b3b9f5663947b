/** The filters of a view: read strictly from a query string, written in one canonical order so that identical views are shared. */
import type { Status } from '@/lib/topology/model';
import { selects, type ViewFilters } from '@/lib/topology/view-filters';
import type { ParameterProblem } from './api';
import { statusSchema } from './topology';

/** A value, or everything that is wrong with what was given. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly ParameterProblem[] };

const LIST_KEYS = ['namespace', 'host', 'class', 'controller', 'service', 'expand'] as const;
const SINGLE_KEYS = ['q', 'focus', 'budget', 'scope', 'cluster'] as const;

/** Every parameter that is a filter, in canonical order. */
export const FILTER_KEYS: readonly string[] = [
  ...LIST_KEYS.slice(0, 5),
  'status',
  'q',
  'focus',
  'expand',
  'budget',
  'scope',
  'cluster',
];

export const MAX_VALUES = 500;
export const MAX_VALUE_LENGTH = 2048;
export const MAX_BUDGET = 1_000_000;

/** Reads the filters of a query string; parameters that are no filters are left to others. */
export function parseFilters(params: URLSearchParams): Parsed<ViewFilters> {
  const errors: ParameterProblem[] = [];
  const lists = Object.fromEntries(LIST_KEYS.map((key) => [key, values(params, key, errors)])) as Record<
    (typeof LIST_KEYS)[number],
    readonly string[]
  >;
  const single = Object.fromEntries(SINGLE_KEYS.map((key) => [key, one(params, key, errors)])) as Record<
    (typeof SINGLE_KEYS)[number],
    string
  >;
  const value: ViewFilters = {
    ...lists,
    host: distinct(lists.host.map((host) => host.toLowerCase())),
    status: statuses(params, errors),
    q: single.q.trim(),
    focus: single.focus === '' ? null : single.focus,
    budget: budget(single.budget, errors),
    scope: scope(single.scope, errors),
    cluster: single.cluster === '' ? null : single.cluster,
  };
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value };
}

/** The canonical query string: fixed order of keys, sorted values, nothing that is at its default. */
export function formatFilters(filters: ViewFilters): string {
  const out = new URLSearchParams();
  for (const key of LIST_KEYS) if (key !== 'expand') addAll(out, key, filters[key]);
  addAll(out, 'status', filters.status);
  if (filters.q !== '') out.append('q', filters.q);
  if (filters.focus !== null) out.append('focus', filters.focus);
  addAll(out, 'expand', filters.expand);
  if (filters.budget !== null) out.append('budget', String(filters.budget));
  if (filters.scope !== 'entry') out.append('scope', filters.scope);
  if (filters.cluster !== null) out.append('cluster', filters.cluster);
  return out.toString();
}

/** Whether the filters leave the whole topology as it is: nothing less, folded or more. */
export function isUnfiltered(filters: ViewFilters): boolean {
  return filters.budget === null && filters.scope === 'entry' && !selects(filters);
}

function values(params: URLSearchParams, key: string, errors: ParameterProblem[]): readonly string[] {
  const given = params.getAll(key).filter((value) => value !== '');
  if (given.length > MAX_VALUES) {
    errors.push({
      parameter: key,
      value: `${given.length} values`,
      problem: `at most ${MAX_VALUES} values are taken`,
    });
    return [];
  }
  for (const value of given) checkLength(key, value, errors);
  return distinct(given);
}

function one(params: URLSearchParams, key: string, errors: ParameterProblem[]): string {
  const given = params.getAll(key);
  if (given.length > 1 && new Set(given).size > 1) {
    errors.push({ parameter: key, value: given.join(', ').slice(0, 200), problem: 'may be given once only' });
  }
  const value = given[0] ?? '';
  checkLength(key, value, errors);
  return value;
}

function statuses(params: URLSearchParams, errors: ParameterProblem[]): readonly Status[] {
  const result: Status[] = [];
  for (const value of values(params, 'status', errors)) {
    const parsed = statusSchema.safeParse(value);
    if (parsed.success) result.push(parsed.data);
    else errors.push({ parameter: 'status', value, problem: 'is no status', allowed: statusSchema.options });
  }
  return result;
}

function budget(value: string, errors: ParameterProblem[]): number | null {
  if (value === '') return null;
  const number = /^\d{1,7}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= 1 && number <= MAX_BUDGET) return number;
  errors.push({
    parameter: 'budget',
    value,
    problem: 'is no number of nodes',
    allowed: [`1 to ${MAX_BUDGET}`],
  });
  return null;
}

function scope(value: string, errors: ParameterProblem[]): ViewFilters['scope'] {
  if (value === '' || value === 'entry') return 'entry';
  if (value === 'all') return 'all';
  errors.push({ parameter: 'scope', value, problem: 'is no scope', allowed: ['entry', 'all'] });
  return 'entry';
}

function checkLength(key: string, value: string, errors: ParameterProblem[]): void {
  if (value.length <= MAX_VALUE_LENGTH) return;
  errors.push({
    parameter: key,
    value: `${value.slice(0, 80)}…`,
    problem: `is longer than ${MAX_VALUE_LENGTH} characters`,
  });
}

function addAll(out: URLSearchParams, key: string, list: readonly string[]): void {
  for (const value of distinct(list)) out.append(key, value);
}

function distinct(list: readonly string[]): readonly string[] {
  return [...new Set(list)].sort();
}
