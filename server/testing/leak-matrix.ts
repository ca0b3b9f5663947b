import { expect } from 'vitest';
import type { Topology } from '@/lib/topology/model';
import { ADMINS, sees } from './cluster-people';
import { MARKS, type Mark } from './tenants';

/** Nobody is called so: what is answered to a guess of this must be what is answered to a right guess. */
const NOBODY = 'zulux';
/** In a guess: what is guessed. */
export const GUESS = 'MARK';

export interface Viewer {
  readonly name: string;
  /** Those that the cluster's RBAC lets him see, by commas; `*`: all; null: the proxy does not know him. */
  readonly namespaces: string | null;
  /** Those that the proxy names; default: by his namespaces. */
  readonly groups?: readonly string[];
  /** What must not be in any answer to him. */
  readonly hidden: readonly Mark[];
}

export const TENANTS: readonly Viewer[] = [
  { name: 'tenant alfax', namespaces: 'alfax-ns', hidden: ['bravox'] },
  { name: 'tenant bravox', namespaces: 'bravox-ns', hidden: ['alfax'] },
  { name: 'who sees only the shared controller', namespaces: 'ingress-nginx', hidden: MARKS },
  { name: 'who sees nothing', namespaces: '', hidden: MARKS },
];
export const ADMIN: Viewer = { name: 'admin', namespaces: '*', hidden: [] };
export const STRANGER: Viewer = { name: 'nobody', namespaces: null, hidden: MARKS };

export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly bytes: Buffer;
  /** In both ways of reading bytes: names could stand in a picture in either. */
  readonly text: string;
  readonly headers: string;
}

/** What the proxy in front says of who asks. */
export function identityOf({
  name,
  namespaces,
  groups = groupsOf(namespaces),
}: Viewer): Readonly<Record<string, string>> {
  if (namespaces === null) return {};
  // No name of a person has a tenant's mark: then it could not be looked for in the log.
  const user = `person-${numberOf(name)}@example.com`;
  return { 'x-forwarded-user': user, 'x-forwarded-groups': groups.join(',') };
}

const people: string[] = [];

/** The same for the same person, another for each other. */
function numberOf(name: string): number {
  if (!people.includes(name)) people.push(name);
  return people.indexOf(name);
}

function groupsOf(namespaces: Viewer['namespaces']): readonly string[] {
  if (namespaces === '*') return [ADMINS];
  return (namespaces ?? '').split(',').filter(Boolean).map(sees);
}

/** The topology in an answer. */
export function topologyIn({ bytes }: Answer): Topology {
  return JSON.parse(bytes.toString('utf8')) as Topology;
}

/** The first name of others in a text, with what stands around it; empty: there is none. */
export function leakIn(text: string, { hidden }: Viewer): string {
  const lower = text.toLowerCase();
  const mark = hidden.find((name) => lower.includes(name));
  const at = mark === undefined ? -1 : lower.indexOf(mark);
  return at < 0 ? '' : text.slice(Math.max(0, at - 400), at + 200);
}

/** Asks a dashboard as several viewers, looks at all that comes back, and counts what was tried. */
export class LeakMatrix {
  readonly #url: string;
  readonly #tried = new Map<string, number>();
  #answers = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Whether an operation of the OpenAPI document (`GET /path`) has been tried. */
  has(operation: string): boolean {
    return this.#tried.has(operation);
  }

  count(operation: string, times = 1): void {
    this.#tried.set(operation, (this.#tried.get(operation) ?? 0) + times);
  }

  /** What was tried, one line for each operation. */
  get report(): string {
    const all = [...this.#tried].sort(([a], [b]) => (a < b ? -1 : 1));
    const checks = all.reduce((sum, [, times]) => sum + times, 0);
    const lines = all.map(([operation, times]) => `  ${String(times).padStart(5)}  ${operation}`);
    return [
      `leak matrix: ${all.length} operations, ${checks} checks, ${this.#answers} answers read`,
      ...lines,
      '',
    ].join('\n');
  }

  async ask(viewer: Viewer, { method = 'GET', path, body, headers = {} }: Ask): Promise<Answer> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...identityOf(viewer),
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    this.#answers += 1;
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = `${bytes.toString('utf8')}\n${bytes.toString('latin1')}`;
    return { status: response.status, bytes, text, headers: [...response.headers].join('\n') };
  }

  /** Asks, and looks for what must not be there. */
  async check(viewer: Viewer, request: Ask): Promise<Answer> {
    const operation = operationOf(request);
    this.count(operation);
    const answer = await this.ask(viewer, request);
    const where = `${viewer.name}: ${operation} ${request.path}`;
    expect(leakIn(`${answer.headers}\n${answer.text}`, viewer), where).toBe('');
    expect(answer.status, where).toBeLessThan(500);
    return answer;
  }

  /** A guess at what is hidden is answered like one at what there is not. {@link GUESS} stands for what is guessed. */
  async guess(viewer: Viewer, request: Ask): Promise<void> {
    for (const mark of viewer.hidden) {
      this.count(operationOf(request));
      const ask = async (name: string) => settled(await this.ask(viewer, as(request, name)), name);
      let [guessed, nonsense] = ['', ''];
      // The cluster goes on meanwhile: only two answers between which nothing has changed can be compared.
      for (let n = 0; n < 8; n++) {
        nonsense = await ask(NOBODY);
        guessed = await ask(mark);
        if (guessed === nonsense || (await ask(NOBODY)) === nonsense) break;
      }
      expect(guessed, `${viewer.name}: ${as(request, mark).path}`).toBe(nonsense);
    }
  }
}

function as(request: Ask, name: string): Ask {
  return JSON.parse(JSON.stringify(request).replaceAll(GUESS, name)) as Ask;
}

function settled({ status, text, headers }: Answer, name: string): string {
  const requestId = /^x-request-id,(.+)$/m.exec(headers)?.[1] ?? 'none';
  return `${status}\n${headers}\n${text}`
    .replaceAll(requestId, 'REQUEST')
    .replaceAll(name, GUESS)
    .replace(/etag,.*|"version":\d+|date,.*|content-length,.*/g, '')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
}

function operationOf({ method = 'GET', path }: Ask): string {
  const bare = path.split('?', 1)[0] ?? '';
  const template = bare
    .replace(/^\/api\/v1\/objects\/.*/, '/api/v1/objects/{group}/{version}/{resource}/{namespace}/{name}')
    .replace(/^\/api\/v1\/marks\/.*/, '/api/v1/marks/{finding}')
    .replace(/^(\/api\/v1\/snapshots\/|\/s\/)[^/]+/, '$1{id}');
  return `${method} ${template}`;
}
