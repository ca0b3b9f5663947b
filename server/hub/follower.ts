import 'server-only';
import type { TopologyDelta } from '@/lib/topology/model';
import type { Indexed } from '@/lib/topology/view';
import type { Head } from './shared-view';

/** What is made of a hub's graph and kept in step with it. */
export interface Follower {
  /** Whether it shows what no entry reaches: that is then kept in step too. */
  readonly showsInternal: boolean;
  /** Takes over a version that the source already has; the source stands still until this ends. */
  told(source: Indexed, head: Head, delta: TopologyDelta): Promise<void>;
  /** It has failed to, and is told nothing more. */
  failed(): void;
}

/** Those that follow one hub. */
export class Followers {
  readonly #all = new Set<Follower>();

  /** Whether one of them shows what no entry reaches. */
  get showsInternal(): boolean {
    for (const follower of this.#all) if (follower.showsInternal) return true;
    return false;
  }

  /** Tells one from now on; gives back how to end that. */
  add(follower: Follower): () => void {
    this.#all.add(follower);
    return () => void this.#all.delete(follower);
  }

  /** One that fails is told no more: what it shows would no longer be what is so. */
  async tell(
    source: Indexed,
    { head, delta }: { readonly head: Head; readonly delta: TopologyDelta },
    onError: (error: unknown) => void,
  ): Promise<void> {
    for (const follower of [...this.#all]) {
      try {
        await follower.told(source, head, delta);
      } catch (error) {
        this.#all.delete(follower);
        follower.failed();
        onError(error);
      }
    }
  }
}
