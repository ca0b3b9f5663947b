/** The connections of a browser, one for each cluster that its tabs show: tabs say which filters they want, equal filters share one view. */
import type { Snapshot, StreamMessage } from '@/lib/wire/messages';
import {
  applyConnection,
  applyDelta,
  applySnapshot,
  type TopologyState,
  toTopology,
} from '@/lib/wire/reduce';
import { clusterOf } from './cluster-of';
import type { ToHub, ToTab } from './protocol';
import { StreamClient } from './stream-client';

type Send = (message: ToTab) => void;

interface View {
  readonly name: string;
  /** Kept so that a second tab on the same view has a snapshot at once. */
  state: TopologyState | undefined;
}

/** One cluster's connection. */
class Line {
  readonly #client: StreamClient;
  readonly #tabs = new Map<string, { readonly filters: string; readonly send: Send }>();
  readonly #views = new Map<string, View>();
  #count = 0;

  constructor(path: string) {
    this.#client = new StreamClient({
      path,
      onMessage: (message) => this.#deliver(message),
      onLink: (link) => {
        // Who signs in next, in another tab, must not be greeted with what was somebody else's to see.
        if (link.state === 'signed-out') this.#forget();
        for (const tab of this.#tabs.values()) tab.send({ type: 'link', link });
      },
    });
  }

  get isUnused(): boolean {
    return this.#tabs.size === 0;
  }

  /** Handles what a tab says; `send` reaches that tab. */
  receive(message: ToHub, send: Send): void {
    if (message.type === 'close') {
      this.#tabs.delete(message.tab);
      this.#dropUnused();
      return;
    }
    this.#tabs.set(message.tab, { filters: message.filters, send });
    send({ type: 'link', link: this.#client.link });
    const view = this.#views.get(message.filters);
    if (view) this.#greet(view, message.filters, send);
    else this.#views.set(message.filters, { name: `v${this.#count++}`, state: undefined });
    this.#dropUnused();
    if (!view) this.#subscribe();
    else this.#client.wake();
  }

  #greet(view: View, filters: string, send: Send): void {
    if (!view.state) return;
    const data: Snapshot = { view: view.name, ...toTopology(view.state) };
    send({ type: 'message', filters, message: { type: 'snapshot', data } });
  }

  /** A view without a tab goes with the next change of views: not worth a reconnect of its own unless it was the last. */
  #dropUnused(): void {
    const wanted = new Set([...this.#tabs.values()].map((tab) => tab.filters));
    for (const filters of this.#views.keys()) if (!wanted.has(filters)) this.#views.delete(filters);
    if (this.#views.size === 0) this.#subscribe();
  }

  #subscribe(): void {
    this.#client.setViews(new Map([...this.#views].map(([filters, view]) => [view.name, filters])));
  }

  #forget(): void {
    for (const view of this.#views.values()) view.state = undefined;
  }

  #deliver(message: StreamMessage): void {
    for (const [filters, view] of this.#views) {
      if (!this.#keep(view, message)) continue;
      for (const tab of this.#tabs.values())
        if (tab.filters === filters) tab.send({ type: 'message', filters, message });
    }
  }

  /** Updates a view's state; false when the message is not for it. */
  #keep(view: View, message: StreamMessage): boolean {
    if (message.type === 'snapshot') {
      if (message.data.view !== view.name) return false;
      view.state = applySnapshot(message.data, view.state);
    } else if (message.type === 'delta') {
      if (message.data.view !== view.name) return false;
      const reduction = applyDelta(view.state, message.data);
      if (reduction.type === 'applied') view.state = reduction.state;
      if (reduction.type === 'resync') this.#client.resync();
      return reduction.type === 'applied';
    } else if (message.type === 'connection' && view.state) {
      view.state = applyConnection(view.state, message.data.cluster);
    }
    return true;
  }
}

/** Browsers open six connections to an origin (HTTP/1.1): some must be left for all else. */
const MOST_LINES = 4;
const TOO_MANY =
  'This browser shows as many clusters as it can keep connections for. Close a tab of another cluster, and load this one again';

export class Hub {
  readonly #path: string;
  readonly #lines = new Map<string, Line>();
  /** Cluster by tab. */
  readonly #shown = new Map<string, string>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Handles what a tab says; `send` reaches that tab. */
  receive(message: ToHub, send: Send): void {
    const { tab } = message;
    const before = this.#shown.get(tab);
    const now = message.type === 'open' ? clusterOf(message.filters) : null;
    if (before !== undefined && before !== now) this.#leave(tab, before, send);
    if (now === null) return;
    const line = this.#lines.get(now) ?? this.#begin(now);
    if (!line) {
      const at = Date.now();
      send({ type: 'link', link: { state: 'refused', since: at, heardAt: null, problem: TOO_MANY } });
      return;
    }
    this.#shown.set(tab, now);
    line.receive(message, send);
  }

  #begin(cluster: string): Line | null {
    if (this.#lines.size >= MOST_LINES) return null;
    const line = new Line(this.#path);
    this.#lines.set(cluster, line);
    return line;
  }

  #leave(tab: string, cluster: string, send: Send): void {
    this.#shown.delete(tab);
    const line = this.#lines.get(cluster);
    line?.receive({ type: 'close', tab }, send);
    if (line?.isUnused) this.#lines.delete(cluster);
  }
}
