// Misbehaviour on demand: what a test or a demo asked to go wrong.
import { array, isRecord, text } from './json';
import type { Revision } from './revision';
import { badRequest, expired, StatusError } from './status';
import type { Storage } from './storage';
import type { WatchHub } from './watch-hub';
import type { Watcher } from './watcher';

const ACTIONS = ['cut', 'stall', 'slow', 'status', 'gone', 'truncate', 'invalid', 'stale'] as const;
export type FaultAction = (typeof ACTIONS)[number];

export type FaultMatch = { resource?: string; verb?: string; path?: string };

/** A fault as it is asked for. */
export type FaultInput = {
  match?: FaultMatch;
  action: FaultAction;
  /** For `status`: 410, 429, 500, 503, 401, 403 … */
  code?: number;
  /** For `status`: seconds in the Retry-After header. */
  retryAfter?: number;
  /** For `slow`. */
  ms?: number;
  /** Requests it befalls at most. */
  times?: number;
  /** How long it lasts. */
  forMs?: number;
};

export type Fault = FaultInput & { id: string; hits: number; until?: number };

/** What a request is matched by. */
export type Subject = { resource: string | undefined; verb: string; path: string };

type Frozen = { version: string; snapshot: (resource: string, namespace?: string) => readonly Revision[] };

/** Actions that hit what is open now, and then are over. */
const ONE_SHOT: ReadonlySet<FaultAction> = new Set(['cut', 'gone', 'truncate', 'invalid']);

/** Half a line of a watch. */
export const HALF_LINE = '{"type":"MODIFIED","object":{"apiVersion":"v1","kind":"Po';
export const GARBAGE_LINE = '<html>502 Bad Gateway</html>\n';

function positive(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw badRequest(`${name} is not a positive number`);
  return value;
}

const MATCHED = ['resource', 'verb', 'path'] as const;
const NUMBERS = ['code', 'retryAfter', 'ms', 'times', 'forMs'] as const;

/** A field that is overlooked would make a fault befall what it was not meant for. */
function onlyKnown(value: Record<string, unknown>, known: readonly string[], where: string): void {
  const odd = Object.keys(value).find((key) => !known.includes(key));
  if (odd !== undefined) throw badRequest(`${where} has no ${odd}: ${known.join(', ')}`);
}

/** Reads a fault from a request's body; throws a 400 that says what is allowed. */
export function faultInput(value: unknown): FaultInput {
  const action = ACTIONS.find((name) => isRecord(value) && value.action === name);
  if (!isRecord(value) || action === undefined) throw badRequest(`action is one of ${ACTIONS.join(', ')}`);
  onlyKnown(value, ['action', 'match', ...NUMBERS], 'a fault');
  const input: FaultInput = { action };
  if (isRecord(value.match)) {
    onlyKnown(value.match, MATCHED, 'match');
    input.match = {};
    for (const key of MATCHED) if (text(value.match[key]) !== '') input.match[key] = text(value.match[key]);
  }
  for (const key of NUMBERS) {
    const number = positive(value[key], key);
    if (number !== undefined) input[key] = number;
  }
  return input;
}

function isAbout(match: FaultMatch | undefined, subject: Subject): boolean {
  const { resource, verb, path } = match ?? {};
  if (resource !== undefined && subject.resource !== resource && subject.resource?.split('.')[0] !== resource)
    return false;
  if (verb !== undefined && verb !== subject.verb) return false;
  return path === undefined || subject.path.startsWith(path);
}

/** The faults in force. */
export class Faults {
  readonly #faults = new Map<string, Fault>();
  readonly #frozen = new Map<string, Frozen>();
  readonly #held = new Map<string, (() => void)[]>();
  readonly #hub: WatchHub;
  readonly #storage: Storage;
  readonly #now: () => number;
  #count = 0;

  constructor(hub: WatchHub, storage: Storage, now: () => number) {
    this.#hub = hub;
    this.#storage = storage;
    this.#now = now;
  }

  /** Puts a fault in force; open watches that match feel it at once. */
  add(input: FaultInput): Fault {
    this.#count += 1;
    const fault: Fault = { ...input, id: `fault-${this.#count}`, hits: 0 };
    if (input.forMs !== undefined) {
      fault.until = this.#now() + input.forMs;
      setTimeout(() => this.remove(fault.id), input.forMs).unref();
    }
    this.#faults.set(fault.id, fault);
    if (fault.action === 'stale') this.#frozen.set(fault.id, this.#freeze());
    const open = this.#hub
      .watchers()
      .filter((watcher) =>
        isAbout(fault.match, { resource: watcher.resource, verb: 'watch', path: watcher.path }),
      );
    for (const watcher of open) this.#strike(fault, watcher);
    if (ONE_SHOT.has(fault.action) && fault.times === undefined && fault.forMs === undefined)
      fault.times = open.length > 0 ? 0 : 1;
    if (fault.times === 0) this.#faults.delete(fault.id);
    return fault;
  }

  list(): Fault[] {
    this.#sweep();
    return [...this.#faults.values()];
  }

  /** Ends a fault, and what it holds. */
  remove(id: string): boolean {
    for (const release of this.#held.get(id) ?? []) release();
    this.#held.delete(id);
    this.#frozen.delete(id);
    return this.#faults.delete(id);
  }

  clear(): void {
    for (const id of [...this.#faults.keys(), ...this.#held.keys()]) this.remove(id);
  }

  /** The fault that befalls a new request, if any. */
  take(subject: Subject): Fault | undefined {
    this.#sweep();
    for (const fault of this.#faults.values()) {
      if (!isAbout(fault.match, subject)) continue;
      fault.hits += 1;
      if (fault.times !== undefined && fault.hits >= fault.times) this.#faults.delete(fault.id);
      return fault;
    }
    return undefined;
  }

  /** The state that a `stale` fault shows. */
  frozen(fault: Fault): Frozen | undefined {
    return this.#frozen.get(fault.id);
  }

  /** Remembers how to let go of something that a fault holds. */
  hold(fault: Fault, release: () => void): void {
    this.#held.set(fault.id, [...(this.#held.get(fault.id) ?? []), release]);
  }

  #strike(fault: Fault, watcher: Watcher): void {
    switch (fault.action) {
      case 'cut':
        watcher.cut();
        break;
      case 'stall':
      case 'stale':
        watcher.isStalled = true;
        this.hold(fault, () => watcher.cut());
        break;
      case 'gone':
        watcher.fail(expired('too old resource version'));
        break;
      case 'truncate':
        watcher.raw(HALF_LINE);
        watcher.cut(true);
        break;
      case 'invalid':
        watcher.raw(GARBAGE_LINE);
        break;
      case 'slow':
      case 'status':
        // These are about requests; an open watch has been answered.
        break;
    }
  }

  #freeze(): Frozen {
    const version = String(this.#storage.resourceVersion);
    const kept = new Map<string, readonly Revision[]>();
    for (const info of this.#storage.resources()) {
      const key = info.group === '' ? info.resource : `${info.resource}.${info.group}`;
      kept.set(key, this.#storage.snapshot(key));
    }
    const snapshot = (resource: string, namespace?: string): readonly Revision[] =>
      (kept.get(resource) ?? []).filter(
        ({ object }) => namespace === undefined || object.metadata.namespace === namespace,
      );
    return { version, snapshot };
  }

  #sweep(): void {
    const now = this.#now();
    for (const fault of [...this.#faults.values()])
      if (fault.until !== undefined && fault.until <= now) this.remove(fault.id);
  }
}

/** The error that a `status` fault answers. */
export function faultError(fault: Fault): StatusError {
  const code = fault.code ?? 500;
  const reasons: Record<number, string> = {
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'NotFound',
    410: 'Expired',
    429: 'TooManyRequests',
    503: 'ServiceUnavailable',
    504: 'Timeout',
  };
  const details = fault.retryAfter === undefined ? undefined : { retryAfterSeconds: fault.retryAfter };
  return new StatusError(
    code,
    reasons[code] ?? 'InternalError',
    `the sandbox was asked to answer ${code}`,
    details,
  );
}

/** The faults of a body: one, or a list. */
export function faultInputs(value: unknown): FaultInput[] {
  return Array.isArray(value) ? array(value).map(faultInput) : [faultInput(value)];
}
