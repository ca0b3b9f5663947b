/** Which chains are lit. Its own store, so that pointing at a node touches class names only, not the graph's data. */
import { create } from 'zustand';
import type { Lit } from '@/lib/layout/chain-index';

interface Highlight {
  /** Chains under the pointer or the keyboard's focus: lit, all else dimmed. */
  readonly pointed: Lit | null;
  /** Chains of the selection: lit while nothing is pointed at, nothing dimmed. */
  readonly selected: Lit | null;
}

export const useHighlight = create<Highlight>()(() => ({ pointed: null, selected: null }));

export type Emphasis = 'plain' | 'lit';

/** Whether a node or edge stands in the light. What is not lit dims by style, so that only what is lit is drawn anew. */
export function emphasisOf(state: Highlight, part: 'nodes' | 'edges', id: string): Emphasis {
  return (state.pointed ?? state.selected)?.[part].has(id) ? 'lit' : 'plain';
}

/** The pointer rests on a card before its chains light up: on its way across it lights nothing. */
const REST_MS = 70;

/** What points at a card: the keyboard at once, the pointer when it rests. */
export class Pointing {
  #timer: ReturnType<typeof setTimeout> | undefined;

  at(light: () => Lit): void {
    clearTimeout(this.#timer);
    useHighlight.setState({ pointed: light() });
  }

  restAt(light: () => Lit): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.at(light), REST_MS);
  }

  leave(): void {
    clearTimeout(this.#timer);
    if (useHighlight.getState().pointed !== null) useHighlight.setState({ pointed: null });
  }
}
