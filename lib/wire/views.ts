/** The parameters of `/api/v1/stream`: one or several named views, and where to resume. */
import type { ViewFilters } from '@/lib/topology/view-filters';
import type { ParameterProblem } from './api';
import { FILTER_KEYS, type Parsed, parseFilters } from './filters';

export interface NamedView {
  readonly name: string;
  readonly filters: ViewFilters;
}

export const MAIN_VIEW = 'main';
export const MAX_VIEWS = 32;

const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/** A place in the stream: `EPOCH.VERSION`. */
export interface Position {
  readonly epoch: string;
  readonly version: number;
}

/** The views that a stream asks for: each `view=NAME:FILTERS`, and `main` from the plain filters (or when there is no other). */
export function parseViews(params: URLSearchParams): Parsed<readonly NamedView[]> {
  const given = params.getAll('view');
  const views: NamedView[] = [];
  const errors: ParameterProblem[] = [];
  if (given.length === 0 || FILTER_KEYS.some((key) => params.has(key)))
    add(MAIN_VIEW, params, '', views, errors);
  if (given.length > MAX_VIEWS) {
    errors.push({
      parameter: 'view',
      value: `${given.length} views`,
      problem: `at most ${MAX_VIEWS} are taken`,
    });
    return { ok: false, errors };
  }
  for (const text of given) {
    const colon = text.indexOf(':');
    const name = colon < 0 ? text : text.slice(0, colon);
    if (NAME.test(name))
      add(name, new URLSearchParams(colon < 0 ? '' : text.slice(colon + 1)), `view ${name}: `, views, errors);
    else {
      const problem = 'wants NAME:FILTERS, a name of letters, digits, dot, dash or underscore';
      errors.push({ parameter: 'view', value: text.slice(0, 200), problem });
    }
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: views };
}

function add(
  name: string,
  params: URLSearchParams,
  where: string,
  views: NamedView[],
  errors: ParameterProblem[],
): void {
  if (views.some((view) => view.name === name)) {
    errors.push({ parameter: 'view', value: name, problem: 'is named twice' });
    return;
  }
  const parsed = parseFilters(params);
  if (parsed.ok) views.push({ name, filters: parsed.value });
  else errors.push(...parsed.errors.map((error) => ({ ...error, parameter: `${where}${error.parameter}` })));
}

/** Writes a `view` parameter's value. */
export function formatView(name: string, filters: string): string {
  return `${name}:${filters}`;
}

/** Reads `EPOCH.VERSION`; null for anything else, which then means a fresh snapshot. */
export function parsePosition(text: string | null | undefined): Position | null {
  const match = /^([^.\s]{1,100})\.(\d{1,15})$/.exec(text ?? '');
  return match?.[1] && match[2] ? { epoch: match[1], version: Number(match[2]) } : null;
}

/** Writes a position as event id and `since` have it. */
export function formatPosition(position: Position): string {
  return `${position.epoch}.${position.version}`;
}
