import type { ChainIndex } from '@/lib/layout/chain-index';
import type { Scene } from '@/lib/layout/scene';

/** Edges of the chains of these pivots, as far as they are drawn. */
export function chainsIn(scene: Scene, pivots: readonly string[]): ReadonlySet<string> {
  const index: ChainIndex = scene.chains;
  return new Set(pivots.flatMap((pivot) => [...(index.chain(pivot)?.edges ?? [])]));
}
