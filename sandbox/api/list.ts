// Lists, in pages: joined cached bytes, pinned to the snapshot they began with.
import type { ServerResponse } from 'node:http';
import type { ApiRequest } from './api-request';
import type { ContinueTokens, Pinned } from './continue-tokens';
import { drained, sendBytes } from './http';
import type { JsonRecord } from './json';
import { itemBytes, type Presentation, partial, table } from './present';
import type { Revision } from './revision';
import { selectionOf } from './selection';
import { badRequest, expired, StatusError } from './status';
import type { Storage } from './storage';
import { groupVersion, type ResourceInfo } from './types';

/** Where a list reads from: the storage, or an older state while a `stale` fault lasts. */
export type Source = {
  version: string;
  snapshot: (resource: string, namespace?: string) => readonly Revision[];
};

/** The storage as it is now. */
export function currentSource(storage: Storage): Source {
  return {
    version: String(storage.resourceVersion),
    snapshot: (resource, namespace) => storage.snapshot(resource, namespace),
  };
}

type Page = {
  items: readonly Revision[];
  metadata: JsonRecord;
  /** The items' bytes, where the page is one of a snapshot that is read again and again. */
  bytes?: (info: ResourceInfo) => Buffer;
};

/** Objects written together: bounds what is joined at once in a list without pages. */
const BATCH = 500;
const COMMA = Buffer.from(',');
const JSON_HEADERS = { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' };

/** Throws what an API server answers to a resourceVersion it doesn't have. */
export function checkVersion(query: URLSearchParams, current: string): void {
  const asked = query.get('resourceVersion') ?? '';
  if (asked === '' || asked === '0') return;
  const number = Number(asked);
  if (!Number.isSafeInteger(number) || number < 0) throw badRequest(`invalid resource version "${asked}"`);
  if (number > Number(current)) {
    throw new StatusError(
      504,
      'Timeout',
      `Timeout: Too large resource version: ${asked}, current: ${current}`,
      {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    );
  }
  if (query.get('resourceVersionMatch') === 'Exact' && number < Number(current)) {
    throw expired(`The resourceVersion for the provided list is too old.`);
  }
}

function firstSnapshot(request: ApiRequest, source: Source): Pinned {
  checkVersion(request.query, source.version);
  const selection = selectionOf(request);
  const all = source.snapshot(request.key, selection.namespace);
  const items = selection.isFiltered ? all.filter((revision) => selection.matches(revision.object)) : all;
  return { items, version: source.version, isFiltered: selection.isFiltered };
}

function pageOf(request: ApiRequest, source: Source, tokens: ContinueTokens): Page {
  const token = request.query.get('continue') ?? '';
  const limit = Number(request.query.get('limit') ?? 0);
  if (!Number.isSafeInteger(limit) || limit < 0) throw badRequest('limit: Invalid value');
  const resolved = token === '' ? undefined : tokens.resolve(token);
  const pinned = resolved?.pinned ?? firstSnapshot(request, source);
  const start = resolved?.start ?? 0;
  const metadata: JsonRecord = { resourceVersion: pinned.version };
  if (limit === 0 || start + limit >= pinned.items.length) {
    return { items: start === 0 ? pinned.items : pinned.items.slice(start), metadata };
  }
  const id = resolved?.id ?? tokens.pin(pinned);
  metadata.continue = tokens.token(id, start + limit);
  // As in a real cluster: with a selector nobody has counted the rest.
  if (!pinned.isFiltered) metadata.remainingItemCount = pinned.items.length - start - limit;
  const items = pinned.items.slice(start, start + limit);
  if (pinned.isFiltered) return { items, metadata };
  return { items, metadata, bytes: (info) => keptPage(pinned.items, `${start} ${limit}`, items, info) };
}

/** Pages of snapshots, as long as a snapshot lives: joining them anew would cost the machine more than reading them. */
const pages = new WeakMap<readonly Revision[], Map<string, Buffer>>();

function keptPage(
  snapshot: readonly Revision[],
  place: string,
  items: readonly Revision[],
  info: ResourceInfo,
): Buffer {
  const kept = pages.get(snapshot) ?? new Map<string, Buffer>();
  pages.set(snapshot, kept);
  // A snapshot is of one resource, which may be served in several versions.
  const key = `${info.version} ${place}`;
  const bytes = kept.get(key) ?? join(items, info, true);
  kept.set(key, bytes);
  return bytes;
}

function join(items: readonly Revision[], info: ResourceInfo, isFirst: boolean): Buffer {
  const pieces: Buffer[] = [];
  for (const [index, revision] of items.entries()) {
    if (index > 0 || !isFirst) pieces.push(COMMA);
    pieces.push(...itemBytes(revision, info));
  }
  return Buffer.concat(pieces);
}

async function sendItems(response: ServerResponse, request: ApiRequest, page: Page): Promise<void> {
  const { info } = request;
  const head = { kind: `${info.kind}List`, apiVersion: groupVersion(info), metadata: page.metadata };
  const start = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"items":[`);
  const end = Buffer.from(']}\n');
  if (page.items.length <= BATCH) {
    const items = page.bytes?.(info) ?? join(page.items, info, true);
    response.writeHead(200, {
      ...JSON_HEADERS,
      'Content-Length': start.length + items.length + end.length,
    });
    response.write(start);
    response.write(items);
    response.end(end);
    return;
  }
  response.writeHead(200, JSON_HEADERS);
  response.write(start);
  for (let at = 0; at < page.items.length; at += BATCH) {
    response.write(join(page.items.slice(at, at + BATCH), info, at === 0));
    if (!(await drained(response))) return;
  }
  response.end(end);
}

/** Answers a list request. */
export async function sendList(
  response: ServerResponse,
  request: ApiRequest,
  presentation: Presentation,
  source: Source,
  tokens: ContinueTokens,
): Promise<void> {
  const page = pageOf(request, source, tokens);
  const { metadata } = page;
  switch (presentation.format) {
    case 'plain':
      return sendItems(response, request, page);
    case 'table': {
      const objects = page.items.map((revision) => revision.object);
      return sendBytes(
        response,
        200,
        Buffer.from(`${JSON.stringify(table(objects, presentation, metadata))}\n`),
      );
    }
    case 'metadata': {
      const items = page.items.map((revision) => partial(revision.object));
      const list = { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items };
      return sendBytes(response, 200, Buffer.from(`${JSON.stringify(list)}\n`));
    }
  }
}
