import 'server-only';
import { setTimeout as delay } from 'node:timers/promises';
import type { Before, TopologyDelta } from '@/lib/topology/model';
import { type PartPatch, patchPieces, patchSize, patchText } from '@/lib/topology/partition/part';
import { split } from '@/lib/topology/partition/split';
import type { Frozen } from '@/server/hub/chunks';
import { changesOf, type Head } from '@/server/hub/shared-view';
import { inTurns, yieldTurn } from '@/server/hub/turns';
import { bytesOf } from './message-body';
import { HEAD, type ToWorker } from './messages';
import { Observer } from './observer';

/** So much may be on its way to the worker; what comes after waits here as it is, without being serialised. */
const ON_THE_WAY = 16 * 1024 * 1024;
/** Items that may wait here: references that else would be garbage, some hundred bytes each. */
const MOST_ITEMS = 150_000;
/** Serialising lets others run after so long. */
const TURN_MS = 8;
/** After changes had to be let go, recording begins anew no earlier than after so long. */
const AGAIN_MS = 3000;
/** A patch of so few items is serialised in well below a millisecond. */
const FEW = 100;

interface Waiting {
  readonly head: Head;
  readonly delta: TopologyDelta;
  readonly before: Before;
  readonly items: number;
  readonly since: number;
}

export interface FeedOptions {
  readonly post: (message: ToWorker, transfer?: readonly ArrayBuffer[]) => void;
  readonly freeze: () => Promise<Frozen>;
  readonly onError: (error: unknown) => void;
  readonly log: (text: string) => void;
  /** Bounds, for tests. */
  readonly limits?: { readonly bytes: number; readonly items: number };
}

/**
 * Hands on to the worker what is published, in order: first everything, partition by partition, then change by change.
 * Never lets the hub wait; where too much waits it lets go of it and begins anew.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #limits: { readonly bytes: number; readonly items: number };
  readonly #waiting: Waiting[] = [];
  /** Sent and not yet written: version and when it was published. */
  #sent: { readonly version: number; readonly since: number }[] = [];
  #items = 0;
  #onTheWay = 0;
  #run = 0;
  /** A run is on: what is published belongs to it. */
  #isOn = false;
  #isKeyed = false;
  #isPumping = false;
  #room: (() => void) | null = null;
  #again: NodeJS.Timeout | undefined;
  #observer = new Observer();
  #head: Head | null = null;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#limits = options.limits ?? { bytes: ON_THE_WAY, items: MOST_ITEMS };
  }

  /** Bytes that are on their way, and an estimate of what waits. */
  get queueBytes(): number {
    return this.#onTheWay + this.#items * 600;
  }

  /** For how long the oldest change waits to be written, in ms. */
  lag(now: number): number {
    const oldest = this.#sent[0] ?? this.#waiting[0];
    return oldest ? Math.max(0, now - oldest.since) : 0;
  }

  /** Begins a run; `gap`: why nothing was recorded before, where that is known. */
  async begin(gap: string | null): Promise<void> {
    clearTimeout(this.#again);
    const run = this.#reset();
    this.#isOn = true;
    try {
      this.#options.post({ type: 'run', run });
      const frozen = await this.#options.freeze();
      if (run !== this.#run) return;
      await this.#sendAll(run, frozen, gap);
      if (run !== this.#run) return;
      this.#isKeyed = true;
      await this.#pump();
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** Takes a published change, with what it changed as that was; returns at once. */
  push(head: Head, delta: TopologyDelta, before: Before, now: number): void {
    if (!this.#isOn) return;
    const items = sizeOf(delta);
    this.#waiting.push({ head, delta, before, items, since: now });
    this.#items += items;
    if (this.#items > this.#limits.items) this.#overflow();
    else if (this.#isKeyed) void this.#pump();
  }

  /** The worker has written so much, or let go of it. */
  done(run: number, bytes: number, version: number | null): void {
    if (run !== this.#run) return;
    this.#onTheWay -= bytes;
    if (version !== null) this.#sent = this.#sent.filter((sent) => sent.version > version);
    if (this.#onTheWay < this.#limits.bytes) this.#room?.();
  }

  /** Stops recording until `begin` is called again. */
  end(): void {
    clearTimeout(this.#again);
    this.#reset();
  }

  /** Sends what waits, if that is possible within a time in ms: whoever asks the worker then asks about all of it. */
  async drain(within: number): Promise<void> {
    const end = performance.now() + within;
    while (this.#isOn && (this.#waiting.length > 0 || this.#isPumping) && performance.now() < end) {
      if (this.#isKeyed) void this.#pump();
      await (this.#onTheWay < this.#limits.bytes ? yieldTurn() : delay(20));
    }
  }

  /** When the first change that is not sent was published, epoch ms; null: all are sent. */
  get unsentSince(): number | null {
    const first = this.#waiting[0];
    return first ? Date.parse(first.head.takenAt) : null;
  }

  /** Whether a run is the present one. */
  isRun(run: number): boolean {
    return this.#isOn && run === this.#run;
  }

  #reset(): number {
    this.#isOn = false;
    this.#isKeyed = false;
    this.#waiting.length = 0;
    this.#sent = [];
    this.#items = 0;
    this.#onTheWay = 0;
    this.#room?.();
    return ++this.#run;
  }

  #overflow(): void {
    const reason = 'changes came faster than the database took them, and had to be let go';
    this.#options.log(`the recorder: ${reason}`);
    this.#options.post({ type: 'reset', run: this.#reset() });
    this.#again = setTimeout(() => void this.begin(reason), AGAIN_MS);
    this.#again.unref();
  }

  async #sendAll(run: number, frozen: Frozen, gap: string | null): Promise<void> {
    const { nodes, edges, findings, ...head } = frozen;
    this.#head = head;
    this.#observer = new Observer();
    // What was published before is in what was frozen.
    while (this.#waiting[0] && this.#waiting[0].head.version <= frozen.version) this.#shift();
    const open = await inTurns(this.#observer.begin(head, { findings }));
    const whole = <T>(upsert: readonly T[]) => ({ upsert, remove: [] });
    const parts = await inTurns(
      split({ nodes: whole(nodes), edges: whole(edges), findings: whole(findings) }),
    );
    const pace = new Pace();
    for (const [part, patch] of parts) {
      for await (const { text, last } of pieces(patch, pace)) {
        await this.#hasRoom();
        if (run !== this.#run) return;
        this.#send({ type: 'key', run, part, text, last, bytes: text.length }, text.length);
      }
    }
    const { epoch, version } = head;
    const bytes = open.length * 300 + 1000;
    const at = Date.parse(head.takenAt);
    this.#sent.push({ version, since: at });
    this.#send(
      { type: 'keyed', run, at, epoch, version, head: JSON.stringify(head), open, gap, bytes },
      bytes,
    );
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#isKeyed && this.#waiting.length > 0) {
        await this.#hasRoom();
        const next = this.#shift();
        if (next) await this.#sendNext(next);
      }
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#isPumping = false;
    }
  }

  async #sendNext({ head, delta, before: was, since }: Waiting): Promise<void> {
    const run = this.#run;
    const before = this.#head;
    this.#head = head;
    const told = (await inTurns(this.#observer.take(head, delta, was))).map((event) => JSON.stringify(event));
    const word = JSON.stringify({ epoch: head.epoch, ...changesOf(before ?? head, head) });
    const texts: [string, string][] = [[HEAD, word]];
    const pace = new Pace();
    for (const [part, patch] of await inTurns(split(delta, was)))
      texts.push([part, await textOf(patch, pace)]);
    if (run !== this.#run) return;
    const { epoch, version } = head;
    const { parts, events, body } = bytesOf(texts, told);
    const bytes = body.length;
    this.#sent.push({ version, since });
    const at = Date.parse(head.takenAt);
    this.#send({ type: 'delta', run, at, epoch, version, parts, body, events, bytes }, bytes, [body.buffer]);
  }

  #send(message: ToWorker, bytes: number, transfer: readonly ArrayBuffer[] = []): void {
    this.#onTheWay += bytes;
    this.#options.post(message, transfer);
  }

  #shift(): Waiting | undefined {
    const next = this.#waiting.shift();
    if (next) this.#items -= next.items;
    return next;
  }

  async #hasRoom(): Promise<void> {
    while (this.#onTheWay >= this.#limits.bytes) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#room = resolve;
      await promise;
      this.#room = null;
    }
  }
}

function sizeOf({ nodes, edges, findings }: TopologyDelta): number {
  let size = 1;
  for (const patch of [nodes, edges, findings]) size += patch.upsert.length + patch.remove.length;
  return size;
}

async function textOf(patch: PartPatch, pace: Pace): Promise<string> {
  if (patchSize(patch) <= FEW) {
    await pace.rest();
    return patchText(patch);
  }
  let text = '';
  for await (const piece of pieces(patch, pace)) text += piece.text;
  return text;
}

/** The JSON of a patch in pieces, letting others run between them. */
async function* pieces(
  patch: PartPatch,
  pace: Pace,
): AsyncGenerator<{ readonly text: string; readonly last: boolean }> {
  const source = patchPieces(patch);
  for (let step = source.next(); !step.done; ) {
    const text = step.value;
    step = source.next();
    yield { text, last: step.done === true };
    await pace.rest();
  }
}

/** One budget for all that is serialised one after the other: hundreds of small parts are as long as one big one. */
class Pace {
  #end = performance.now() + TURN_MS;

  async rest(): Promise<void> {
    if (performance.now() < this.#end) return;
    await yieldTurn();
    this.#end = performance.now() + TURN_MS;
  }
}
