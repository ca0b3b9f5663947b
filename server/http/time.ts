import 'server-only';
import type { ParameterProblem } from '@/lib/wire/api';
import type { Parsed } from '@/lib/wire/filters';

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/** A time of a query string in epoch ms; null: it is not given. */
export function timeParameter(params: URLSearchParams, name: string): Parsed<number | null> {
  const value = params.get(name) ?? '';
  if (value === '') return { ok: true, value: null };
  // A plus sign that nobody has encoded reads as a space.
  const text = value.replace(/ (?=\d\d:\d\d$)/, '+');
  const time = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(time)) return { ok: true, value: time };
  const problem: ParameterProblem = {
    parameter: name,
    value: value.slice(0, 80),
    problem: 'is no time',
    allowed: ['2026-01-31T12:00:00.000Z', '2026-01-31T12:00:00+01:00'],
  };
  return { ok: false, errors: [problem] };
}

/** Epoch ms as RFC 3339 in UTC with milliseconds. */
export function rfc3339(time: number): string {
  return new Date(time).toISOString();
}

export function rfc3339OrNull(time: number | null): string | null {
  return time === null ? null : rfc3339(time);
}
