/** How large a picture is drawn, and how its cards are set. */
import type { Box, Layout } from '@/lib/layout/layout';
import type { TopologyNode } from '@/lib/topology/model';
import type { Letters } from './markup';
import type { Palette } from './palette';

export type Size = 'card' | 'wide';

/** What everything that draws is given. */
export interface Ink {
  readonly palette: Palette;
  readonly letters: Letters;
}

/** A laid out graph with its place in the picture: `scale` pixels of the picture to one of the layout. */
export interface Plot {
  readonly layout: Layout;
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Draws one card into its box. */
export type CardSetter = (node: TopologyNode, box: Box, ink: Ink) => string;

export const FONT = 'Inter, sans-serif';
export const SEMIBOLD = 600;
