import 'server-only';
import { drawPicture } from '@/lib/picture/picture';
import { fileNameOf } from '@/lib/snapshot/document';
import { parseView } from '@/lib/snapshot/view';
import { createSnapshotSchema, type SnapshotCreated, type SnapshotDocument } from '@/lib/wire/snapshot';
import type { Viewer } from '@/server/access/viewer';
import { inTurns } from '@/server/hub/turns';
import type { PictureName } from '@/server/picture/pictures';
import { type Found, focusOf } from '@/server/snapshots/snapshots';
import { hashOf } from '@/server/snapshots/tokens';
import { type HttpContext, wrongCluster } from './context';
import { refuseCrossSite, refuseUnlessOwnJson } from './cross-site';
import { baseUrl } from './link';
import { badParameters, problem } from './problem';
import { readJson } from './read-body';
import { idOf, revokeTokenOf, SNAPSHOTS } from './snapshot-address';
import { badBody, gone, refused, SNAPSHOT_HEADERS, tooOften, withStore } from './snapshot-answers';

const MOST_BODY = 64 * 1024;

/** `POST /api/v1/snapshots` */
export async function createSnapshot(
  request: Request,
  context: HttpContext,
  viewer: Viewer,
): Promise<Response> {
  const stranger = refuseUnlessOwnJson(request, context.config);
  if (stranger) return stranger;
  const body = await readJson(request, MOST_BODY);
  if ('response' in body) return body.response;
  const input = createSnapshotSchema.safeParse(body.value);
  if (!input.success) return badBody(input.error, Object.keys(createSnapshotSchema.shape));
  const view = parseView(input.data.view ?? '');
  if (!view.ok) return badParameters(view.errors);
  const wrong = wrongCluster(view.value.filters, context);
  if (wrong)
    return badParameters([
      { ...wrong, problem: 'is not the cluster of this request: add cluster= to its address' },
    ]);
  return await withStore(async () => {
    const made = await context.snapshots.create(input.data, view.value, viewer.user);
    if ('refused' in made) return refused(made);
    const { id, revokeToken, document } = made;
    context.audit('audit.share', viewer, { snapshot: markOf(id), public: document.public });
    const base = baseUrl(request.headers, context.config);
    const answer: SnapshotCreated = {
      id,
      url: `${base}/s/${id}`,
      imageUrl: `${base}${SNAPSHOTS}${id}/image.png`,
      revokeToken,
      takenAt: document.takenAt,
      expiresAt: document.expiresAt,
    };
    const headers = {
      ...SNAPSHOT_HEADERS,
      'Content-Type': 'application/json; charset=utf-8',
      Location: `${SNAPSHOTS}${id}`,
    };
    return new Response(JSON.stringify(answer), { status: 201, headers });
  });
}

/** `GET /api/v1/snapshots/{id}` */
export function getSnapshot(request: Request, context: HttpContext): Promise<Response> {
  return withDocument(request, context, (document, id) =>
    answer(JSON.stringify({ id, ...document }), JSON_TYPE),
  );
}

/** `GET /api/v1/snapshots/{id}/export`: the document as a file, without the id, which is the right to see it. */
export function exportSnapshot(request: Request, context: HttpContext): Promise<Response> {
  return withDocument(request, context, (document) =>
    answer(JSON.stringify(document), { ...JSON_TYPE, ...attachment(fileNameOf(document, 'json')) }),
  );
}

/** `GET /api/v1/snapshots/{id}/image.svg?theme&size`: for download only, and harmless where it is opened all the same. */
export async function getSnapshotSvg(request: Request, context: HttpContext): Promise<Response> {
  const wanted = wantedOf(request, 'wide');
  if ('response' in wanted) return wanted.response;
  return await withDocument(request, context, async (document) => {
    const { topology, note } = document;
    const svg = await inTurns(drawPicture({ topology, note, focus: focusOf(document), ...wanted }));
    return answer(svg, {
      'Content-Type': 'image/svg+xml; charset=utf-8',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
      ...attachment(fileNameOf(document, 'svg')),
    });
  });
}

/** `GET /api/v1/snapshots/{id}/image.png?theme&size` */
export async function getSnapshotPng(request: Request, context: HttpContext): Promise<Response> {
  const wanted = wantedOf(request, 'card');
  if ('response' in wanted) return wanted.response;
  const name: PictureName = `${wanted.size}-${wanted.theme}`;
  return await withStore(async () => {
    const picture = await context.snapshots.picture(idOf(request), name, context.callerOf(request.headers));
    if (!('found' in picture)) return notThere(picture);
    const { png, isPublic } = picture.found;
    return answer(new Uint8Array(png), {
      'Content-Type': 'image/png',
      // It never changes. One that is revoked may live on in the cache of who has seen it.
      'Cache-Control': 'private, max-age=86400, immutable',
      // Who signs in next at the same browser may not be allowed to see it.
      Vary: 'Cookie, Authorization',
      ...(isPublic && context.config.publicPreview ? { 'Cross-Origin-Resource-Policy': 'cross-origin' } : {}),
    });
  });
}

/** `DELETE /api/v1/snapshots/{id}` with its revoke token as bearer. */
export async function revokeSnapshot(
  request: Request,
  context: HttpContext,
  viewer: Viewer,
): Promise<Response> {
  const stranger = refuseCrossSite(request, context.config);
  if (stranger) return stranger;
  const token = revokeTokenOf(request);
  return await withStore(async () => {
    const revoked = await context.snapshots.revoke(idOf(request), token, context.callerOf(request.headers));
    if (!('found' in revoked)) return notThere(revoked);
    if (revoked.found === 'revoked') {
      context.audit('audit.revoke', viewer, { snapshot: markOf(idOf(request)) });
      return new Response(null, { status: 204, headers: SNAPSHOT_HEADERS });
    }
    return problem({
      status: 403,
      title: 'No right to revoke',
      detail: 'Authorization must be "Bearer " and the revokeToken that was told when the snapshot was made.',
    });
  });
}

/** Tells a snapshot in the log: its id is the right to see it. */
function markOf(id: string): string {
  return hashOf(id).slice(0, 12);
}

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };

async function withDocument(
  request: Request,
  context: HttpContext,
  work: (document: SnapshotDocument, id: string) => Response | Promise<Response>,
): Promise<Response> {
  return await withStore(async () => {
    const id = idOf(request);
    const read = await context.snapshots.read(id, context.callerOf(request.headers));
    return 'found' in read ? work(read.found, id) : notThere(read);
  });
}

function answer(body: BodyInit, headers: Readonly<Record<string, string>>): Response {
  return new Response(body, { headers: { ...SNAPSHOT_HEADERS, ...headers } });
}

function attachment(name: string): Readonly<Record<string, string>> {
  return { 'Content-Disposition': `attachment; filename="${name}"` };
}

function notThere(found: Exclude<Found<unknown>, { readonly found: unknown }>): Response {
  return 'waitMs' in found
    ? tooOften(found.waitMs, 'Too many snapshots were asked for that there are not.')
    : gone();
}

const SIZES = ['card', 'wide'] as const;
const THEMES = ['light', 'dark'] as const;

type Wanted = { readonly size: (typeof SIZES)[number]; readonly theme: (typeof THEMES)[number] };

function wantedOf(request: Request, size: Wanted['size']): Wanted | { readonly response: Response } {
  const params = new URL(request.url).searchParams;
  const given = { size: params.get('size') || size, theme: params.get('theme') || 'light' };
  const wanted = {
    size: SIZES.find((one) => one === given.size),
    theme: THEMES.find((one) => one === given.theme),
  };
  if (wanted.size && wanted.theme) return { size: wanted.size, theme: wanted.theme };
  const allowed = { size: SIZES, theme: THEMES };
  const errors = (['size', 'theme'] as const)
    .filter((key) => !wanted[key])
    .map((parameter) => ({
      parameter,
      value: given[parameter].slice(0, 80),
      problem: `is no ${parameter}`,
      allowed: allowed[parameter],
    }));
  return { response: badParameters(errors) };
}
