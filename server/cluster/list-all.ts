import 'server-only';
import type { IncomingMessage } from 'node:http';
import { record, text } from '@/lib/kube/project/raw';
import { ApiError } from './api-error';
import type { KubeClient } from './kube-client';
import { ListParser } from './list-parser';
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
    for (;;) {
      const { resourceVersion, next } = await readPage(request, await page, open);
      if (next === null) return resourceVersion;
      page = next;
    }
  } finally {
    abandon.abort();
  }
}

interface Page {
  readonly resourceVersion: string;
  readonly next: Promise<IncomingMessage> | null;
}

async function readPage(
  { client, turns, answerWithin, parse, onItem, onProgress, signal }: ListRequest,
  response: IncomingMessage,
  open: (query: string) => Promise<IncomingMessage>,
): Promise<Page> {
  const parser = new ListParser(parse);
  let next: Promise<IncomingMessage> | null = null;
  const ask = (envelope: unknown): void => {
    const token = text(record(record(envelope).metadata).continue);
    if (next === null && token !== '') next = open(`&continue=${encodeURIComponent(token)}`);
  };
  let asked = false;
  for await (const piece of client.pieces(response, answerWithin)) {
    for (const item of parser.push(piece)) {
      onItem(item);
      if (turns.spent) await turns.next();
      if (signal.aborted) throw new ApiError('stopped', 'stopped');
    }
    onProgress();
    const head = asked ? null : parser.head();
    if (head !== null) {
      asked = true;
      ask(head);
    }
  }
  const envelope = parser.finish();
  ask(envelope);
  return { resourceVersion: text(record(record(envelope).metadata).resourceVersion), next };
}
