import 'server-only';
import { NameIndex } from '@/lib/access/name-index';
import type { TopologyDelta } from '@/lib/topology/model';
import type { Indexed } from '@/lib/topology/view';
import type { Follower } from '@/server/hub/follower';
import type { Head } from '@/server/hub/shared-view';
import { inTurns } from '@/server/hub/turns';
import type { TopologyHub } from '@/server/topology-hub';
import type { MaskedSource } from './masked-source';

/** Keeps masked sources in step with one hub, and the names that they all need. */
export class Following implements Follower {
  readonly names: NameIndex;
  readonly #hub: TopologyHub;
  readonly #sources = new Set<MaskedSource>();
  readonly #onError: (error: unknown) => void;
  #unfollow: (() => void) | null = null;
  #stopped = false;

  private constructor(hub: TopologyHub, common: ReadonlySet<string>, onError: (error: unknown) => void) {
    this.#hub = hub;
    this.names = new NameIndex(common);
    this.#onError = onError;
  }

  /** Begins to follow a hub. */
  static async of(
    hub: TopologyHub,
    common: ReadonlySet<string>,
    onError: (error: unknown) => void,
  ): Promise<Following> {
    const following = new Following(hub, common, onError);
    following.#unfollow = await hub.follow(following, ({ graph }) => inTurns(following.names.fill(graph)));
    return following;
  }

  /** Whether it is told nothing any more. */
  get stopped(): boolean {
    return this.#stopped;
  }

  get showsInternal(): boolean {
    for (const source of this.#sources) if (source.showsInternal) return true;
    return false;
  }

  /** Connected clients of all sources. */
  get clients(): number {
    let clients = 0;
    for (const { streams } of this.#sources) clients += streams.clients;
    return clients;
  }

  /** From now on a source is kept in step. */
  async add(source: MaskedSource): Promise<void> {
    await this.#hub.read(async (whole, head) => {
      await source.begin(whole, head, this.names);
      this.#sources.add(source);
    });
  }

  remove(source: MaskedSource): void {
    this.#sources.delete(source);
    source.stop('nobody has looked for a while');
  }

  async told(source: Indexed, head: Head, delta: TopologyDelta): Promise<void> {
    const words = await inTurns(this.names.update(delta));
    for (const masked of [...this.#sources]) {
      try {
        await masked.told(source, head, delta, words);
      } catch (error) {
        this.#sources.delete(masked);
        masked.fail();
        this.#onError(error);
      }
    }
  }

  /** The names are no longer those of the graph: nothing may be shown by them. */
  failed(): void {
    for (const source of this.#sources) source.fail();
    this.stop();
  }

  stop(): void {
    this.#stopped = true;
    this.#unfollow?.();
    this.#sources.clear();
  }
}
