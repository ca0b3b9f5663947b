/**
 * One EventSource for several views. EventSource retries a cut line by itself but gives up for good on any
 * answer that is not 200, and never notices a line that went silent; both are handled here.
 */
import { readMessage, STREAM_EVENTS, type StreamMessage } from '@/lib/wire/messages';
import { SIGN_IN_TYPE } from '@/lib/wire/sign-in';
import { DEAD_MS } from '@/lib/wire/sse';
import { formatView } from '@/lib/wire/views';
import { backoff } from './backoff';
import type { Link, LinkState } from './protocol';

export interface StreamClientOptions {
  /** Path of the stream on this origin. */
  readonly path: string;
  readonly onMessage: (message: StreamMessage) => void;
  readonly onLink: (link: Link) => void;
}

export class StreamClient {
  readonly #options: StreamClientOptions;
  #views: ReadonlyMap<string, string> = new Map();
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #watchdog: ReturnType<typeof setTimeout> | null = null;
  #attempt = 0;
  #position = '';
  #link: Link = { state: 'connecting', since: Date.now(), heardAt: null, problem: null };

  constructor(options: StreamClientOptions) {
    this.#options = options;
  }

  get link(): Link {
    return this.#link;
  }

  /** Wants exactly these views (name → filters). New views need a snapshot, so no resuming then. */
  setViews(views: ReadonlyMap<string, string>): void {
    this.#views = views;
    this.#position = '';
    this.#attempt = 0;
    if (views.size === 0) this.#stop();
    else this.#connect();
  }

  /** Asks for fresh snapshots: something was missed. */
  resync(): void {
    this.#position = '';
    this.#connect();
  }

  /** Tries at once, for example when the machine comes back from sleep. */
  wake(): void {
    if (this.#views.size > 0 && this.#link.state !== 'open') this.#connect();
  }

  #url(): string {
    const query = new URLSearchParams();
    for (const [name, filters] of this.#views) query.append('view', formatView(name, filters));
    if (this.#position !== '') query.set('since', this.#position);
    return `${this.#options.path}?${query}`;
  }

  #connect(): void {
    this.#stop();
    const source = new EventSource(this.#url());
    this.#source = source;
    source.onopen = () => this.#opened();
    source.onerror = () => this.#failed(source);
    for (const type of STREAM_EVENTS) {
      source.addEventListener(type, (event: MessageEvent<string>) => this.#received(type, event));
    }
    this.#watch();
  }

  #stop(): void {
    this.#source?.close();
    this.#source = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#watchdog !== null) clearTimeout(this.#watchdog);
    this.#timer = null;
    this.#watchdog = null;
  }

  #opened(): void {
    this.#attempt = 0;
    this.#heard('open');
  }

  #received(type: StreamMessage['type'], event: MessageEvent<string>): void {
    const message = readMessage(type, event.data);
    this.#heard('open');
    if (!message) {
      this.resync();
      return;
    }
    if (event.lastEventId !== '') this.#position = event.lastEventId;
    // The server is going away, or gives up our view: come back soon, but not all at once.
    if (message.type === 'bye') this.#retry('retrying', sentence(message.data.reason));
    this.#options.onMessage(message);
  }

  #failed(source: EventSource): void {
    if (source !== this.#source) return;
    if (source.readyState !== EventSource.CLOSED) {
      this.#say('retrying', null);
      return;
    }
    void this.#diagnose();
  }

  /** EventSource does not tell why it was refused; a plain request does. */
  async #diagnose(): Promise<void> {
    const problem = await refusal(this.#url());
    if (problem === null) {
      this.#retry('retrying', null);
      return;
    }
    const state = refusedState(problem);
    // Whoever signs in next begins anew.
    if (state === 'signed-out') this.#position = '';
    this.#retry(state, problem.text);
  }

  #retry(state: LinkState, problem: string | null): void {
    this.#stop();
    this.#attempt += 1;
    this.#say(state, problem);
    this.#timer = setTimeout(() => this.#connect(), backoff(this.#attempt, Math.random()));
  }

  #watch(): void {
    if (this.#watchdog !== null) clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#retry('retrying', 'Nothing was heard for 45 seconds'), DEAD_MS);
  }

  #heard(state: LinkState): void {
    this.#watch();
    const since = this.#link.state === state ? this.#link.since : Date.now();
    this.#link = { state, since, heardAt: Date.now(), problem: null };
    this.#options.onLink(this.#link);
  }

  #say(state: LinkState, problem: string | null): void {
    const since = this.#link.state === state ? this.#link.since : Date.now();
    this.#link = { ...this.#link, state, since, problem };
    this.#options.onLink(this.#link);
  }
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`;
}

interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function refusedState({ status, type }: Refusal): LinkState {
  if (type === SIGN_IN_TYPE) return 'signed-out';
  return status === 401 || status === 403 ? 'unauthorized' : 'refused';
}

/** Why a request is refused; null when it isn't, or nobody answers. */
async function refusal(url: string): Promise<Refusal | null> {
  const abort = new AbortController();
  try {
    const response = await fetch(url, { headers: { accept: 'text/event-stream' }, signal: abort.signal });
    if (response.ok) return null;
    return { status: response.status, ...(await problemOf(response)) };
  } catch {
    return null;
  } finally {
    abort.abort();
  }
}

async function problemOf(response: Response): Promise<Pick<Refusal, 'type' | 'text'>> {
  const otherwise = { type: '', text: `The server answered ${response.status}` };
  try {
    const body: unknown = await response.json();
    if (typeof body !== 'object' || body === null) return otherwise;
    const { type, detail } = body as { readonly type?: unknown; readonly detail?: unknown };
    return {
      type: typeof type === 'string' ? type : '',
      text: typeof detail === 'string' ? detail : otherwise.text,
    };
  } catch {
    // Not JSON: a proxy's page, of which the status is all that we can use.
    return otherwise;
  }
}
