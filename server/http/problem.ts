import 'server-only';
import type { ParameterProblem, Problem } from '@/lib/wire/api';
import { NO_PAGE_POLICY } from './content-security';

/** On every answer of the API: nothing of it is for shared caches, and its type is what it says. */
export const API_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': NO_PAGE_POLICY,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  Vary: 'Cookie, Authorization',
  'X-Content-Type-Options': 'nosniff',
};

export interface ProblemDetails {
  /** What programs tell it by; without one its status says enough. */
  readonly type?: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly ParameterProblem[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error as RFC 9457 has it. */
export function problem({
  type = 'about:blank',
  status,
  title,
  detail,
  errors,
  headers,
}: ProblemDetails): Response {
  const body: Problem = { type, title, status, detail, ...(errors ? { errors } : {}) };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...API_HEADERS, 'Content-Type': 'application/problem+json', ...headers },
  });
}

/** What such an error says, for a page. */
export async function detailOf(answer: Response): Promise<string> {
  return ((await answer.json()) as Problem).detail;
}

/** The query string says something that is not allowed. */
export function badParameters(errors: readonly ParameterProblem[]): Response {
  const list = errors.map(({ parameter, value, problem: what, allowed }) => {
    const hint = allowed ? ` (allowed: ${allowed.join(', ')})` : '';
    return `${parameter}=${JSON.stringify(value)} ${what}${hint}`;
  });
  return problem({ status: 400, title: 'Wrong parameter', detail: list.join('; '), errors });
}

export function notFound(detail: string): Response {
  return problem({ status: 404, title: 'Not found', detail });
}

/** A JSON answer. */
export function json(value: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(value), {
    headers: { ...API_HEADERS, 'Content-Type': 'application/json; charset=utf-8', ...headers },
  });
}
