import 'server-only';
import type { IncomingMessage } from 'node:http';
import { record, text } from '@/lib/kube/project/raw';
import { ApiError } from './api-error';
import type { ListRequest } from './list-all';
import { ListParser } from './list-parser';
import type { ListThread, Receiver, ThreadPage } from './list-thread/list-thread';
import type { ThreadKind } from './list-thread/messages';

/** Beyond so many bytes of a list, its items are read in a thread, where there is one for its kind. */
const SHORT_LIST = 4 * 1024 * 1024;

/** Reads what is long of a list elsewhere. */
export interface Elsewhere extends Receiver {
  readonly thread: ListThread;
  readonly kind: ThreadKind;
}

/** How much of a list has been read, over its pages. */
export interface Progress {
  bytes: number;
}

export interface Page {
  /** Null: it was the last. */
  readonly next: Promise<IncomingMessage> | null;
  /** The list's resourceVersion, once all items of the page have been taken. */
  readonly resourceVersion: Promise<string>;
}

/** Reads one answer of a list. Where another follows, and this one's items are read elsewhere, they may still be on their way. */
export async function readPage(
  request: ListRequest,
  progress: Progress,
  response: IncomingMessage,
  open: (query: string) => Promise<IncomingMessage>,
): Promise<Page> {
  const { client, answerWithin, parse, onProgress, elsewhere } = request;
  const parser = new ListParser(parse);
  const next = new NextPage(open);
  let away: ThreadPage | null = null;
  for await (const piece of client.pieces(response, answerWithin)) {
    progress.bytes += piece.length;
    if (away) await away.push(piece);
    else {
      await takeItems(request, parser, piece);
      if (elsewhere && isForElsewhere(elsewhere, progress) && parser.inItems)
        away = await handOver(elsewhere, parser, request.signal);
    }
    onProgress();
    if (request.signal.aborted) throw new ApiError('stopped', 'stopped');
    next.look(parser);
  }
  const envelope = finished(parser, away);
  const resourceVersion = envelope.then((all) => text(record(record(all).metadata).resourceVersion));
  // Asked for at the end of the list; until then nobody hears of a failure.
  resourceVersion.catch(() => undefined);
  if (next.page === null) next.ask(await envelope);
  return { next: next.page, resourceVersion };
}

/** Both threads read: a page is read here while the other has enough to do. */
function isForElsewhere({ thread }: Elsewhere, { bytes }: Progress): boolean {
  return bytes > SHORT_LIST && thread.isOfUse && !thread.isBusy;
}

async function takeItems(
  { turns, onItem, signal }: ListRequest,
  parser: ListParser,
  piece: Buffer,
): Promise<void> {
  for (const item of parser.push(piece)) {
    onItem(item);
    if (turns.spent) await turns.next();
    if (signal.aborted) throw new ApiError('stopped', 'stopped');
  }
}

async function handOver(
  { thread, kind, ...receiver }: Elsewhere,
  parser: ListParser,
  signal: AbortSignal,
): Promise<ThreadPage> {
  const page = thread.open(kind, receiver);
  // Objects of a list that was given up must not come into the next one.
  signal.addEventListener('abort', () => page.cancel(), { once: true });
  const begun = parser.handOver();
  if (begun.length > 0) await page.push(begun);
  return page;
}

async function finished(parser: ListParser, away: ThreadPage | null): Promise<unknown> {
  if (away) {
    const tail = Buffer.from(await away.end(), 'latin1');
    // No item is left in it.
    for (const _ of parser.push(tail));
  }
  return parser.finish();
}

/** The page after this one, asked for as soon as its token is known. */
class NextPage {
  page: Promise<IncomingMessage> | null = null;
  readonly #open: (query: string) => Promise<IncomingMessage>;
  #looked = false;

  constructor(open: (query: string) => Promise<IncomingMessage>) {
    this.#open = open;
  }

  /** API servers write the envelope before the items. */
  look(parser: ListParser): void {
    const head = this.#looked ? null : parser.head();
    if (head === null) return;
    this.#looked = true;
    this.ask(head);
  }

  ask(envelope: unknown): void {
    const token = text(record(record(envelope).metadata).continue);
    if (this.page === null && token !== '') this.page = this.#open(`&continue=${encodeURIComponent(token)}`);
  }
}
