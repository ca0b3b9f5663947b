/* The sandbox page and what its buttons post to. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sendBytes, sendJson } from '../api/http';
import type { ApiServer } from '../api/server';
import { badRequest } from '../api/status';
import type { Cluster } from '../controllers/cluster';
import { type DnsBook, type DnsRecord, recordFault } from '../dns/records';
import { runAction } from './actions';
import { Memory } from './memory';
import { pageGroups } from './state';

export interface PageOptions {
  readonly api: ApiServer;
  readonly cluster: Cluster;
  readonly book: DnsBook;
  readonly title: string;
  readonly isSimulated: boolean;
}

/** Adds the page's routes; the returned function ends its listening. */
export function addPage({ api, cluster, book, title, isSimulated }: PageOptions): () => void {
  const memory = new Memory(cluster.storage);
  const state = (): unknown => ({
    title,
    isSimulated,
    groups: pageGroups(cluster, book, memory, isSimulated),
  });
  const html = readFileSync(join(import.meta.dirname, 'page.html'));
  const policy = contentPolicy(html.toString('utf8'));
  for (const path of ['/sandbox', '/sandbox/']) {
    api.addRoute('GET', path, (_request, response) => {
      response.setHeader('Content-Security-Policy', policy);
      response.setHeader('X-Content-Type-Options', 'nosniff');
      sendBytes(response, 200, html, 'text/html; charset=utf-8');
    });
  }
  api.addRoute('GET', '/sandbox/state', (_request, response) => sendJson(response, 200, state()));
  api.addRoute('POST', '/sandbox/actions', async (request, response) => {
    const { id, action } = (await request.body()) as { id?: unknown; action?: unknown };
    if (typeof id !== 'string' || typeof action !== 'string') throw badRequest('id and action are needed');
    runAction({ cluster, book, memory }, id, action);
    sendJson(response, 200, state());
  });
  api.addRoute('GET', '/sandbox/dns', (_request, response) =>
    sendJson(response, 200, { records: allRecords(book) }),
  );
  api.addRoute('POST', '/sandbox/dns', async (request, response) => {
    changeRecords(book, await request.body());
    sendJson(response, 200, { records: allRecords(book) });
  });
  return memory.stop;
}

function allRecords(book: DnsBook): readonly DnsRecord[] {
  return book.names().flatMap((name) => book.recordsOf(name));
}

/**
 * `{name, values|target|answer, type?, ttl?, server?}` replaces a name's records, `{records: […]}` several,
 * `{name, remove: true}` takes a name away, `{name, restore: true}` brings back what the scenario said.
 */
function changeRecords(book: DnsBook, body: unknown): void {
  const given = (body ?? {}) as { records?: unknown; name?: unknown; remove?: unknown; restore?: unknown };
  if (typeof given.name === 'string' && given.restore === true) {
    book.restore(given.name);
    return;
  }
  if (typeof given.name === 'string' && given.remove === true) {
    book.remove(given.name);
    return;
  }
  const records: unknown[] = Array.isArray(given.records) ? given.records : [given];
  const fault = records.map(recordFault).find((entry) => entry !== undefined);
  if (fault) throw badRequest(fault);
  const valid = records as DnsRecord[];
  for (const [name, list] of Map.groupBy(valid, (record) => record.name)) {
    const servers = new Set(list.map((record) => record.server));
    const [only] = servers;
    book.put(name, list, servers.size === 1 ? only : undefined);
  }
}

/** Only this page's own script may run; it has no data in it, so no object's name can become one. */
function contentPolicy(html: string): string {
  const hash = (tag: string): string => {
    const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html)?.[1] ?? '';
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  return `default-src 'none'; script-src ${hash('script')}; style-src ${hash('style')}; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
