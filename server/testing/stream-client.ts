import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { StreamEventName } from '@/lib/wire/messages';
import { readMessage, STREAM_EVENTS } from '@/lib/wire/messages';
import { applyDelta, applySnapshot, type TopologyState } from '@/lib/wire/reduce';

/** A client as a browser is one: reads events, reduces views, remembers the last event id. */
export class StreamClient {
  readonly states = new Map<string, TopologyState>();
  readonly events: { readonly name: string; readonly id: string | undefined; readonly data: string }[] = [];
  readonly resyncs: string[] = [];
  lastId = '';
  text = '';
  readonly #keepData: boolean;
  readonly #onState: (view: string, state: TopologyState) => void;
  #decoder = new TextDecoder();
  #parser = createParser({ onEvent: (event) => this.#take(event) });

  /** Forgets the half event that a cut line leaves, as a browser does when it connects again. */
  reconnect(): void {
    this.#decoder = new TextDecoder();
    this.#parser = createParser({ onEvent: (event) => this.#take(event) });
  }

  /**
   * @param keepData whether events keep what they carried; off where memory is measured.
   * @param onState told each state of each view, the ones between two reads too.
   */
  constructor(keepData = true, onState: (view: string, state: TopologyState) => void = () => undefined) {
    this.#keepData = keepData;
    this.#onState = onState;
  }

  /** Takes bytes as they come. */
  feed(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    this.text += text.length < 2000 ? text : '';
    this.#parser.feed(text);
  }

  /** Reads a whole body, until it ends. */
  async read(body: ReadableStream<Uint8Array>): Promise<void> {
    for await (const bytes of body) this.feed(bytes);
  }

  count(name: string): number {
    return this.events.filter((event) => event.name === name).length;
  }

  #take({ event = '', id, data }: EventSourceMessage): void {
    if (id !== undefined) this.lastId = id;
    this.events.push({ name: event, id, data: this.#keepData ? data : '' });
    if (!STREAM_EVENTS.includes(event as StreamEventName)) throw new Error(`unknown event ${event}`);
    const message = readMessage(event as StreamEventName, data);
    if (!message) throw new Error(`unreadable ${event}: ${data.slice(0, 200)}`);
    if (message.type === 'snapshot') {
      this.#keep(message.data.view, applySnapshot(message.data, this.states.get(message.data.view)));
    } else if (message.type === 'delta') {
      const before = this.states.get(message.data.view);
      if (before && message.data.from !== before.version)
        this.resyncs.push(`from ${message.data.from}, has ${before.version}`);
      const reduction = applyDelta(before, message.data);
      if (reduction.type === 'applied') this.#keep(message.data.view, reduction.state);
      else this.resyncs.push(reduction.type);
    }
  }

  #keep(view: string, state: TopologyState): void {
    this.states.set(view, state);
    this.#onState(view, state);
  }
}
