import 'server-only';
import { createHmac, randomBytes } from 'node:crypto';
import { commonWords } from '@/lib/access/common-words';
import type { MaskedGraph } from '@/lib/access/masked-graph';
import type { HistoryMask } from '@/lib/access/masked-history';
import { NameIndex } from '@/lib/access/name-index';
import { CODES } from '@/lib/diagnosis/codes';
import type { HttpContext } from '@/server/http/context';
import { Serial } from '@/server/hub/turns';
import type { Seats } from '@/server/stream/seats';
import type { TopologyHub } from '@/server/topology-hub';
import { Following } from './following';
import { MaskedSource } from './masked-source';
import { restrictedRecorder } from './past';
import { restrictedMarks, restrictedObjects, restrictedSnapshots } from './shared-things';
import { TooManyRights } from './too-many-rights';
import type { Rights } from './viewer';

type Restricted = Extract<Rights, { readonly all: false }>;

/** Nobody has asked with these rights for so long: what was made for them goes. */
const IDLE_MS = 60_000;
const TIDY_MS = 10_000;
/** Different rights in use at once. */
const MOST_SOURCES = 100;

export interface AccessOptions {
  readonly onError: (error: unknown) => void;
  /** Room for clients, shared by all streams of the process: those of masked sources are no more. */
  readonly seats: Seats;
  readonly now?: () => number;
  readonly mostSources?: number;
}

/** Gives handlers what a viewer may see, and nothing else. One for each cluster. */
export class Access {
  readonly #context: HttpContext;
  readonly #options: AccessOptions;
  readonly #now: () => number;
  readonly #common = commonWords();
  /** Of this process: what stands for a hidden name leads nobody back to it. */
  readonly #key = randomBytes(32);
  readonly #sources = new Map<string, Promise<MaskedSource>>();
  readonly #serial = new Serial();
  readonly #past = new Serial();
  readonly #tidy: NodeJS.Timeout;
  #following: Following | null = null;
  #made = 0;

  constructor(context: HttpContext, options: AccessOptions) {
    this.#context = context;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#tidy = setInterval(() => void this.tidy(), TIDY_MS);
    this.#tidy.unref();
  }

  /** How many different rights are being served beside those of who sees everything. */
  get sources(): number {
    return this.#sources.size;
  }

  /** Connected clients of who does not see everything. */
  get clients(): number {
    return this.#following?.clients ?? 0;
  }

  /** The context with only what a viewer may see in it. Fails with {@link TooManyRights}. */
  async restrict(given: Rights): Promise<HttpContext> {
    const whole = this.#context;
    const rights = named(given);
    if (rights.all) return whole;
    const source = await this.#source(rights);
    source.usedAt = this.#now();
    const { graph } = source;
    if (!graph) throw new Error('a masked source was used before it began');
    const eyes = { namespaces: rights.namespaces, graph };
    const recorder = restrictedRecorder({
      recorder: whole.recorder,
      mask: { ...this.#maskOf(rights), ...this.#historyOf(rights, graph) },
      common: this.#common,
      limited: limitedOf(rights),
      serial: this.#past,
    });
    const { hub } = source;
    return {
      hub,
      streams: source.streams,
      recorder,
      snapshots: restrictedSnapshots(whole, eyes, {
        freeze: async (filters) => (hub.synced ? await hub.frozen(filters) : null),
        at: recorder.at,
      }),
      marks: restrictedMarks(whole.marks, eyes),
      config: whole.config,
      fetchObject: restrictedObjects(whole.fetchObject, eyes),
      limitedView: true,
      audit: whole.audit,
      callerOf: (headers) => whole.callerOf(headers),
      metrics: () => Promise.resolve(NO_METRICS),
    };
  }

  stop(reason: string): void {
    clearInterval(this.#tidy);
    for (const source of this.#sources.values()) void source.then((made) => made.stop(reason), ignored);
    this.#sources.clear();
    this.#following?.stop();
  }

  /** Lets go of what nobody has used for a while. */
  async tidy(): Promise<void> {
    const now = this.#now();
    for (const [key, promise] of [...this.#sources]) {
      const source = await promise.catch(ignored);
      if (!source) continue;
      const idle = source.streams.clients === 0 && now - source.usedAt >= IDLE_MS;
      if (!idle && !source.failed) continue;
      this.#sources.delete(key);
      this.#following?.remove(source);
    }
    if (this.#sources.size > 0 || !this.#following) return;
    // Names are kept only while somebody may not see them.
    this.#following.stop();
    this.#following = null;
  }

  #source(rights: Restricted): Promise<MaskedSource> {
    const key = rightsKey(rights);
    const known = this.#sources.get(key);
    if (known) return known;
    if (this.#sources.size >= (this.#options.mostSources ?? MOST_SOURCES))
      throw new TooManyRights(`${this.#sources.size} different sets of namespaces are being looked at`);
    const made = this.#serial.run(() => this.#make(rights));
    this.#sources.set(key, made);
    // One that could not be made is made anew for who comes next.
    made.catch(() => this.#sources.delete(key));
    return made;
  }

  async #make(rights: Restricted): Promise<MaskedSource> {
    const { hub } = this.#context;
    if (this.#following?.stopped) this.#following = null;
    this.#following ??= await Following.of(hub, this.#common, this.#options.onError);
    const source = new MaskedSource({
      whole: hub,
      mask: this.#maskOf(rights),
      limited: limitedOf(rights),
      epoch: `${hub.head.epoch}r${++this.#made}`,
      seats: this.#options.seats,
      onError: this.#options.onError,
    });
    source.usedAt = this.#now();
    await this.#following.add(source);
    if (hub.synced) await firstVersion(source.hub);
    return source;
  }

  #maskOf(rights: Restricted) {
    return {
      namespaces: rights.namespaces,
      opaque: (text: string) => this.#opaque(rights, text),
      meaningOf: (code: string) => CODES[code]?.meaning ?? 'Something is not as it should be.',
      names: this.#following?.names ?? new NameIndex(this.#common),
    };
  }

  #historyOf(rights: Restricted, graph: MaskedGraph): HistoryMask {
    const { namespaces, opaque, meaningOf } = this.#maskOf(rights);
    const titleOf = (id: string) =>
      graph.findings.isWhole(id) ? (graph.findings.told(id)?.title ?? null) : null;
    return { namespaces, opaque, meaningOf, isClean: graph.isClean, titleOf };
  }

  /** Different for each set of rights: two viewers cannot compare what is hidden from both. */
  #opaque(rights: Restricted, text: string): string {
    return createHmac('sha256', this.#key)
      .update(`${rightsKey(rights)}\n${text}`)
      .digest('base64url')
      .slice(0, 16);
  }
}

/** They count over all namespaces. */
const NO_METRICS = {
  contentType: 'text/plain; charset=utf-8',
  body: '# Metrics count over all namespaces: they are for who may see all of them.\n',
};

function ignored(): null {
  return null;
}

function firstVersion(hub: TopologyHub): Promise<void> {
  if (hub.synced) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = hub.onVersion(() => {
      stop();
      resolve();
    });
  });
}

function limitedOf({ namespaces, reason }: Restricted) {
  return { namespaces: namespaces.size, reason };
}

/** Without the empty name: what has no namespace is nobody's own. */
function named(rights: Rights): Rights {
  if (rights.all || !rights.namespaces.has('')) return rights;
  return { ...rights, namespaces: new Set([...rights.namespaces].filter((name) => name !== '')) };
}

/** The same for the same rights, whatever the order. */
function rightsKey({ reason, namespaces }: Restricted): string {
  return JSON.stringify([reason, ...[...namespaces].sort()]);
}
