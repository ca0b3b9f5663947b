import 'server-only';
import type { IncomingMessage } from 'node:http';
import type { KubeClient } from './kube-client';
import { type Elsewhere, readPage } from './list-page';
import type { Turns } from './turns';

export interface ListRequest {
  readonly client: KubeClient;
  readonly turns: Turns;
  /** Path of the collection, without query. */
  readonly path: string;
  /** Narrows the list; empty: all. */
  readonly fieldSelector: string;
  /** `0`: any state the server has at hand; empty: the newest there is. */
  readonly resourceVersion: string;
  readonly pageSize: number;
  /** Milliseconds for an answer to begin, and for each of its pieces to come. */
  readonly answerWithin: number;
  readonly signal: AbortSignal;
  /** `JSON.parse`, or what leaves out some fields. */
  readonly parse: (text: string) => unknown;
  readonly onItem: (raw: unknown) => void;
  /** Reads the items of a long list; null: they are all read here. */
  readonly elsewhere: Elsewhere | null;
  readonly onProgress: () => void;
}

/** Reads a whole collection page by page, one object at a time; returns the list's resourceVersion. */
export async function listAll(request: ListRequest): Promise<string> {
  const abandon = new AbortController();
  const signal = AbortSignal.any([request.signal, abandon.signal]);
  const selector =
    request.fieldSelector === '' ? '' : `&fieldSelector=${encodeURIComponent(request.fieldSelector)}`;
  const open = (query: string): Promise<IncomingMessage> => {
    const answer = request.client.open(`${request.path}?limit=${request.pageSize}${selector}${query}`, {
      signal,
      answerWithin: request.answerWithin,
    });
    // Asked for ahead of need: its error is met when the page is read, or not at all.
    answer.catch(() => undefined);
    return answer;
  };
  try {
    let page = open(
      request.resourceVersion === '' ? '' : `&resourceVersion=${encodeURIComponent(request.resourceVersion)}`,
    );
    const progress = { bytes: 0 };
    const versions: Promise<string>[] = [];
    for (;;) {
      const { resourceVersion, next } = await readPage({ ...request, signal }, progress, await page, open);
      versions.push(resourceVersion);
      if (next === null) return (await Promise.all(versions)).at(-1) ?? '';
      page = next;
    }
  } finally {
    abandon.abort();
  }
}
