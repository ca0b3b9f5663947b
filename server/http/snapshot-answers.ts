import 'server-only';
import type { z } from 'zod';
import type { ParameterProblem } from '@/lib/wire/api';
import { isRecorderUnavailable, RecorderUnavailable } from '@/server/recorder/recorder';
import type { Missing } from '@/server/recorder/types';
import type { Refusal } from '@/server/snapshots/snapshots';
import { unavailable } from './history';
import { API_HEADERS, badParameters, problem } from './problem';
import { rfc3339 } from './time';

/** On every answer about a snapshot: its id is the right to see it, so no search engine and no other site may learn it. */
export const SNAPSHOT_HEADERS: Readonly<Record<string, string>> = {
  ...API_HEADERS,
  'X-Robots-Tag': 'noindex, nofollow',
};

/** Unknown, expired and revoked are told alike: who guesses learns nothing. */
export function gone(): Response {
  return problem({
    status: 404,
    title: 'Not found',
    detail:
      'There is no such snapshot. The link may be cut short, or the snapshot has expired or was revoked.',
    headers: { 'X-Robots-Tag': 'noindex, nofollow' },
  });
}

/** Too much was asked for. */
export function tooOften(waitMs: number, detail: string): Response {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return problem({
    status: 429,
    title: 'Too many requests',
    detail: `${detail} Try again in ${seconds} s.`,
    headers: { 'Retry-After': String(seconds) },
  });
}

/** Why no snapshot was made. */
export function refused(refusal: Refusal): Response {
  if (refusal.refused === 'too-often')
    return tooOften(refusal.waitMs, 'Snapshots are being made faster than is allowed.');
  if (refusal.refused === 'missing') return missing(refusal.missing);
  if (refusal.refused === 'full')
    return problem({ status: 507, title: 'No room for more snapshots', detail: refusal.detail });
  if (refusal.refused === 'too-large')
    return problem({ status: 422, title: 'The view is too large', detail: refusal.detail });
  return problem({
    status: 503,
    title: 'Nothing to keep yet',
    detail: refusal.detail,
    headers: { 'Retry-After': '2' },
  });
}

function missing({ missing: why, reason, oldest, newest }: Missing): Response {
  if (why === 'off' || why === 'down') return unavailable(new RecorderUnavailable(reason));
  const kept =
    oldest === null || newest === null
      ? 'Nothing is kept yet.'
      : `Kept is ${rfc3339(oldest)} to ${rfc3339(newest)}.`;
  return problem({ status: 404, title: 'No topology of that time', detail: `${reason}. ${kept}` });
}

/** Runs what needs the database; where that is off or down, the answer says so. */
export async function withStore(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!isRecorderUnavailable(error)) throw error;
    return unavailable(error);
  }
}

/** Every field of a body that is not as it should be, with what is allowed. */
export function badBody(error: z.ZodError, allowed: readonly string[]): Response {
  const errors = error.issues.flatMap((issue): ParameterProblem[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        parameter: key.slice(0, 80),
        value: '',
        problem: 'is no field',
        allowed,
      }));
    return [{ parameter: issue.path.join('.') || 'body', value: '', problem: issue.message }];
  });
  return badParameters(errors);
}
