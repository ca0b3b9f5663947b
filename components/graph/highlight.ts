/** Which chains are lit. Its own store, so that pointing at a node touches class names only, not the graph's data. */
import { create } from 'zustand';
import type { Lit } from './chain-index';

interface Highlight {
  /** Chains under the pointer or the keyboard's focus: lit, all else dimmed. */
  readonly pointed: Lit | null;
  /** Chains of the selection: lit while nothing is pointed at, nothing dimmed. */
  readonly selected: Lit | null;
}

export const useHighlight = create<Highlight>()(() => ({ pointed: null, selected: null }));

export type Emphasis = 'plain' | 'lit' | 'dim';

/** How a node or edge stands in the light. */
export function emphasisOf(state: Highlight, part: 'nodes' | 'edges', id: string): Emphasis {
  if (state.pointed) return state.pointed[part].has(id) ? 'lit' : 'dim';
  return state.selected?.[part].has(id) ? 'lit' : 'plain';
}
