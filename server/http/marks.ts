import 'server-only';
import { LONGEST_UNTIL_MS, MOST_MARKS, putMarkSchema, type WireMark } from '@/lib/wire/marks';
import type { Viewer } from '@/server/access/viewer';
import type { Mark } from '@/server/recorder/types';
import type { HttpContext } from './context';
import { refuseCrossSite, refuseUnlessOwnJson } from './cross-site';
import { etagOf, matches } from './etag';
import { API_HEADERS, badParameters, json, notFound, problem } from './problem';
import { readJson } from './read-body';
import { badBody, tooOften, withStore } from './snapshot-answers';
import { rfc3339, rfc3339OrNull } from './time';

const PREFIX = '/api/v1/marks/';
const MOST_BODY = 64 * 1024;
const LONGEST_ID = 2000;

/** `GET /api/v1/marks`: asked for again and again, and mostly answered with a 304. */
export async function getMarks(request: Request, context: HttpContext): Promise<Response> {
  return await withStore(async () => {
    const marks = (await context.marks.list()).map(wireOf);
    const ETag = etagOf('marks', marks.length, JSON.stringify(marks));
    const headers = { ...API_HEADERS, 'Cache-Control': 'private, no-cache', ETag };
    if (matches(request, ETag)) return new Response(null, { status: 304, headers });
    return json({ marks }, headers);
  });
}

/** `PUT /api/v1/marks/{finding}` */
export async function putMark(request: Request, context: HttpContext, viewer: Viewer): Promise<Response> {
  const stranger = refuseUnlessOwnJson(request, context.config);
  if (stranger) return stranger;
  const finding = findingOf(request);
  if (finding === null) return noId();
  const body = await readJson(request, MOST_BODY);
  if ('response' in body) return body.response;
  const input = putMarkSchema.safeParse(body.value);
  if (!input.success) return badBody(input.error, Object.keys(putMarkSchema.shape));
  const { note = '', fingerprint = '' } = input.data;
  const until = input.data.until ? Date.parse(input.data.until) : null;
  const wrong = wrongTime(until, note.trim());
  if (wrong) return badParameters([wrong]);
  return await withStore(async () => {
    const put = await context.marks.put({ finding, until, note: note.trim(), fingerprint, by: viewer.user });
    if ('mark' in put) return json(wireOf(put.mark));
    if (put.refused === 'too-often')
      return tooOften(put.waitMs, 'Marks are being set faster than is allowed.');
    if (put.refused === 'no-finding') return notFound(`There is no finding ${JSON.stringify(finding)} now.`);
    const detail = `${MOST_MARKS} marks are kept, and no more are allowed. Remove some.`;
    return problem({ status: 507, title: 'No room for more marks', detail });
  });
}

/** `DELETE /api/v1/marks/{finding}`: the same whether there was one. */
export async function removeMark(request: Request, context: HttpContext): Promise<Response> {
  const stranger = refuseCrossSite(request, context.config);
  if (stranger) return stranger;
  const finding = findingOf(request);
  if (finding === null) return noId();
  return await withStore(async () => {
    const waitMs = await context.marks.remove(finding);
    if (waitMs > 0) return tooOften(waitMs, 'Marks are being removed faster than is allowed.');
    return new Response(null, { status: 204, headers: API_HEADERS });
  });
}

function wrongTime(until: number | null, note: string) {
  const now = Date.now();
  const latest = now + LONGEST_UNTIL_MS;
  if (until === null)
    return note === ''
      ? { parameter: 'note', value: '', problem: 'is empty, and there is no `until`: the mark says nothing' }
      : null;
  if (until > now && until <= latest) return null;
  return {
    parameter: 'until',
    value: rfc3339(until),
    problem: until > now ? 'is more than 90 days away' : 'is over',
    allowed: [`${rfc3339(now)} to ${rfc3339(latest)}`],
  };
}

/** The id as the path has it, its slashes encoded or not; null where it cannot be one. */
function findingOf(request: Request): string | null {
  try {
    const id = decodeURIComponent(new URL(request.url).pathname.slice(PREFIX.length));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no id has any
    return id === '' || id.length > LONGEST_ID || /[\u0000-\u001f]/.test(id) ? null : id;
  } catch {
    return null;
  }
}

function noId(): Response {
  return badParameters([
    {
      parameter: 'finding',
      value: '',
      problem: 'is no id of a finding, percent-encoded',
      allowed: ['service-port-missing%3AService%2Fshop%2Fweb%238080'],
    },
  ]);
}

function wireOf({ finding, until, note, fingerprint, by, at }: Mark): WireMark {
  return { finding, until: rfc3339OrNull(until), note, fingerprint, by, at: rfc3339(at) };
}
