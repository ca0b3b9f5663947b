/* Log lines that a test or a person adds to a pod while the sandbox runs. */
import { sendJson } from '../api/http';
import { array, record, text } from '../api/json';
import type { Routes } from '../api/sandbox-routes';
import { badRequest } from '../api/status';
import type { LogLine } from './pod-logs';

const MOST = 5_000;

/** Lines by pod, each with the time at which it was added. */
export class AddedLogs {
  readonly #lines = new Map<string, LogLine[]>();

  add(namespace: string, pod: string, texts: readonly string[], now: number): void {
    const time = new Date(now).toISOString().replace('Z', '000000Z');
    const key = `${namespace}/${pod}`;
    const lines = [...(this.#lines.get(key) ?? []), ...texts.map((line) => ({ time, text: line }))];
    this.#lines.set(key, lines.slice(-MOST));
  }

  of(namespace: string | undefined, pod: string): readonly LogLine[] {
    return this.#lines.get(`${namespace}/${pod}`) ?? [];
  }
}

/** `POST /sandbox/pods/log` with `{namespace, pod, lines: [text]}`: they come last in the pod's log. */
export function addLogRoute(
  api: { readonly addRoute: Routes['add'] },
  added: AddedLogs,
  now: () => number,
): void {
  api.addRoute('POST', '/sandbox/pods/log', async (request, response) => {
    const body = record(await request.body());
    const lines = array(body.lines).map((line) => text(line));
    if (text(body.pod) === '' || lines.length === 0) throw badRequest('pod and lines are needed');
    added.add(text(body.namespace) || 'default', text(body.pod), lines, now());
    sendJson(response, 201, { lines: lines.length });
  });
}
