import 'server-only';
import type { Peers } from '@/server/auth/peer';
import { type BucketSize, TokenBuckets } from '@/server/snapshots/token-bucket';
import { problem } from './problem';
import { routeName } from './route-name';
import { tooOften } from './snapshot-answers';

/** What costs about the same shares a bucket for each address. */
type Cost = 'cheap' | 'costly' | 'snapshot' | 'write';

export interface AdmissionLimits {
  readonly buckets: Readonly<Record<Cost, BucketSize>>;
  /** Costly requests at work at once, whoever asks. */
  readonly costlyAtOnce: number;
  /** Streams of one address, behind which a whole office may sit. */
  readonly streamsOfOne: number;
}

/**
 * A page asks a few times a second where somebody drags along the timeline; a program may ask ten times a second. More
 * than that from one address is a fault or an attack.
 */
export const ADMISSION_LIMITS: AdmissionLimits = {
  buckets: {
    cheap: { burst: 600, everyMs: 10 },
    costly: { burst: 120, everyMs: 100 },
    snapshot: { burst: 120, everyMs: 250 },
    write: { burst: 60, everyMs: 1000 },
  },
  costlyAtOnce: 32,
  streamsOfOne: 500,
};

/** Rebuild the past, or ask the API server. */
const COSTLY = new Set(['diff', 'history', 'objects']);
const FREE = new Set(['healthz', 'readyz', 'metrics']);

/** Decides who is served now. In memory: each replica counts for itself. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #buckets: Readonly<Record<Cost, TokenBuckets>>;
  readonly #streams = new Map<string, number>();
  readonly #now: () => number;
  #costly = 0;

  constructor(limits: AdmissionLimits = ADMISSION_LIMITS, now: () => number = Date.now) {
    const { cheap, costly, snapshot, write } = limits.buckets;
    this.#limits = limits;
    this.#now = now;
    this.#buckets = {
      cheap: new TokenBuckets(cheap),
      costly: new TokenBuckets(costly),
      snapshot: new TokenBuckets(snapshot),
      write: new TokenBuckets(write),
    };
  }

  /**
   * Serves a request, or answers 429 to an address that asks too much and 503 where too much is asked by all together,
   * both with Retry-After. Who asks from this machine itself is not counted.
   */
  async serve(
    request: Request,
    peers: Pick<Peers, 'callerOf' | 'isOwnMachine'>,
    work: () => Promise<Response>,
  ): Promise<Response> {
    const caller = peers.callerOf(request.headers);
    const cost = costOf(request);
    if (cost === null) return await work();
    const isCounted = !peers.isOwnMachine(request.headers);
    if (isCounted) {
      const waitMs = this.#buckets[cost].take(caller, this.#now());
      if (waitMs > 0) return tooOften(waitMs, 'This address asks more than is allowed.');
    }
    if (routeName(new URL(request.url).pathname) === 'stream')
      return isCounted ? await this.#stream(request, caller, work) : await work();
    return cost === 'costly' ? await this.#oneOfFew(work) : await work();
  }

  async #oneOfFew(work: () => Promise<Response>): Promise<Response> {
    if (this.#costly >= this.#limits.costlyAtOnce) return busy('Too much is being looked up just now.');
    this.#costly += 1;
    try {
      return await work();
    } finally {
      this.#costly -= 1;
    }
  }

  /** Counts a stream until it ends, by whom ever. */
  async #stream(request: Request, caller: string, work: () => Promise<Response>): Promise<Response> {
    const open = this.#streams.get(caller) ?? 0;
    if (open >= this.#limits.streamsOfOne) return busy('This address has too many streams open.');
    this.#streams.set(caller, open + 1);
    let counted = true;
    const ended = () => {
      if (!counted) return;
      counted = false;
      const left = (this.#streams.get(caller) ?? 1) - 1;
      if (left > 0) this.#streams.set(caller, left);
      else this.#streams.delete(caller);
    };
    try {
      const response = await work();
      if (response.ok && response.body && request.method === 'GET')
        return new Response(watched(response.body, ended), response);
      ended();
      return response;
    } catch (error) {
      ended();
      throw error;
    }
  }
}

/** The same stream, nothing of it held here; calls back once when it has ended. The request's signal tells only of clients that go first. */
function watched(body: ReadableStream<Uint8Array>, ended: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = await reader.read();
          if (!piece.done) return controller.enqueue(piece.value);
          ended();
          controller.close();
        } catch (error) {
          ended();
          controller.error(error);
        }
      },
      async cancel(reason) {
        ended();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function costOf(request: Request): Cost | null {
  const { pathname, searchParams } = new URL(request.url);
  const route = routeName(pathname);
  if (FREE.has(route)) return null;
  if (request.method !== 'GET' && request.method !== 'HEAD') return 'write';
  if (route === 'snapshots') return 'snapshot';
  return COSTLY.has(route) || (route === 'topology' && searchParams.has('at')) ? 'costly' : 'cheap';
}

function busy(detail: string): Response {
  return problem({
    status: 503,
    title: 'Too busy',
    detail: `${detail} Try again in 10 s.`,
    headers: { 'Retry-After': '10' },
  });
}
