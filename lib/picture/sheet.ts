/** What both sizes of a picture are made of. */
import { environmentOf } from '@/lib/topology/environment';
import type { Topology } from '@/lib/topology/model';
import type { Letters } from './markup';
import type { Palette, Theme } from './palette';
import type { Size } from './print';
import type { Selection } from './selection';
import type { Statement } from './words';

export interface PictureInput {
  /** The frozen view; names in it are data. */
  readonly topology: Topology;
  /** Node id: the chains through it are in question; null: those of the gravest faults. */
  readonly focus: string | null;
  /** In place of the symptom. */
  readonly title?: string;
  /** The author's words. */
  readonly note?: string;
  readonly theme: Theme;
  /** `card` is 1200×630 for chat programs; `wide` is 2400 wide and as high as it needs, 3600 at most. */
  readonly size: Size;
  /** `shipped` where the fonts of the package are all there is (PNG); default `all`. */
  readonly letters?: Letters;
}

export interface Sheet {
  readonly input: PictureInput;
  readonly selection: Selection;
  readonly statements: readonly [Statement, ...Statement[]];
  /** Colour of the cluster's bar. */
  readonly bar: string;
}

/** Production must not be mistaken for a test cluster: the bar of the page's top, by the cluster's name. */
export function barColour({ cluster }: Topology, palette: Palette): string {
  const colours = { production: 'broken', staging: 'warning', development: 'ok', other: 'pending' } as const;
  return palette[colours[cluster.environment ?? environmentOf(cluster.name)]];
}
