import 'server-only';
import type { IncomingMessage } from 'node:http';
import { record, text } from '@/lib/kube/project/raw';
import { ApiError } from './api-error';
import type { KubeClient } from './kube-client';
import { ListParser } from './list-parser';

/** Lets others run between items. */
export interface ListTurns {
  readonly spent: boolean;
  next(): Promise<void>;
}

export interface ListRequest {
  readonly client: KubeClient;
  readonly turns: ListTurns;
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
  request: ListRequest,
  response: IncomingMessage,
  open: (query: string) => Promise<IncomingMessage>,
): Promise<Page> {
  const { client, answerWithin, parse, onProgress } = request;
  const parser = new ListParser(parse);
  const pieces = new Gathered();
  let next: Promise<IncomingMessage> | null = null;
  const ask = (envelope: unknown): void => {
    const token = text(record(record(envelope).metadata).continue);
    if (next === null && token !== '') next = open(`&continue=${encodeURIComponent(token)}`);
  };
  let asked = false;
  for await (const piece of client.pieces(response, answerWithin)) {
    onProgress();
    pieces.add(piece);
    if (asked && !pieces.areMany) continue;
    await takeItems(request, parser, pieces.take());
    const head = asked ? null : parser.head();
    if (head !== null) {
      asked = true;
      ask(head);
    }
  }
  await takeItems(request, parser, pieces.take());
  const envelope = parser.finish();
  ask(envelope);
  return { resourceVersion: text(record(record(envelope).metadata).resourceVersion), next };
}

async function takeItems(
  { turns, onItem, signal }: ListRequest,
  parser: ListParser,
  bytes: Buffer,
): Promise<void> {
  for (const item of parser.push(bytes)) {
    onItem(item);
    if (turns.spent) await turns.next();
    if (signal.aborted) throw new ApiError('stopped', 'stopped');
  }
}

/** Where two pieces meet an item lies in both, and is slow to find: few large pieces are read a tenth quicker than many small. */
const MANY_BYTES = 512 * 1024;

/** Pieces of an answer that are to be read as one. */
class Gathered {
  #pieces: Buffer[] = [];
  #length = 0;

  get areMany(): boolean {
    return this.#length >= MANY_BYTES;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  take(): Buffer {
    const all = this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    return all;
  }
}

/** So many objects are worth a thread of their own. */
const MANY = 5_000;

/** Milliseconds: what is only a question must not hold up the list. */
const QUESTION_MS = 2_000;

/**
 * Whether a collection has so many objects that they had better be read elsewhere; false where that cannot be told. A list
 * from the server's cache does not say it, and comes whole (`resourceVersion=0`), so a list of one is asked for.
 */
export async function isLong({
  client,
  path,
  answerWithin,
  signal,
}: Pick<ListRequest, 'client' | 'path' | 'answerWithin' | 'signal'>): Promise<boolean> {
  try {
    const soon = AbortSignal.any([signal, AbortSignal.timeout(QUESTION_MS)]);
    const { body } = await client.json(`${path}?limit=1`, { signal: soon, answerWithin });
    const rest = record(record(body).metadata).remainingItemCount;
    return typeof rest === 'number' && rest >= MANY;
  } catch {
    // The list will tell what is wrong.
    return false;
  }
}
