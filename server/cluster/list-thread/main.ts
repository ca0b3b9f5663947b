import 'server-only';
import { parentPort } from 'node:worker_threads';
import type { FromListThread, ToListThread } from './messages';
import { PageReader } from './page-reader';

/** What the thread of lists runs: a reader for each answer that is under way. */
const pages = new Map<number, PageReader>();

parentPort?.on('message', ({ page, what }: ToListThread) => {
  const tell = (told: FromListThread['what']) => parentPort?.postMessage({ page, what: told });
  if (what === 'cancel') pages.delete(page);
  else if (what === 'end') {
    pages.get(page)?.end();
    pages.delete(page);
  } else if ('begin' in what) pages.set(page, new PageReader(what.begin, tell));
  else if (pages.get(page)?.push(what.bytes) === false) pages.delete(page);
});
