import 'server-only';

/** The pictures of a snapshot: two sizes in two themes, made once, when it is taken. */
import { type Studio, studioOf } from '@/lib/picture/picture';
import type { Topology } from '@/lib/topology/model';
import { inTurns, yieldTurn } from '@/server/hub/turns';
import { type RenderOptions, renderPng } from './render';

export const PICTURES = ['card-light', 'card-dark', 'wide-light', 'wide-dark'] as const;
export type PictureName = (typeof PICTURES)[number];

export interface PictureOptions {
  /** Node id: the chains through it are in question; null: those of the gravest faults. */
  readonly focus: string | null;
  /** In place of the symptom. */
  readonly title?: string;
  /** The author's words. */
  readonly note?: string;
}

/** A picture of more bytes is made with fewer colours, then smaller. */
export const MOST_BYTES = 300_000;
const WAYS: Readonly<Record<'card' | 'wide', readonly RenderOptions[]>> = {
  card: [{ colours: 128 }, { colours: 32 }],
  wide: [{ colours: 64 }, { colours: 32 }, ...[1800, 1200, 800].map((width) => ({ width, colours: 32 }))],
};

/**
 * The four pictures as PNG, one after the other, each of {@link MOST_BYTES} at most; others run between the slices of the
 * work. Throws a PictureError if one can't be drawn.
 */
export async function makePictures(
  topology: Topology,
  options: PictureOptions,
): Promise<Record<PictureName, Buffer>> {
  const studio = await inTurns(studioOf(topology, options.focus));
  return {
    'card-light': await make(studio, 'card', 'light', options),
    'card-dark': await make(studio, 'card', 'dark', options),
    'wide-light': await make(studio, 'wide', 'light', options),
    'wide-dark': await make(studio, 'wide', 'dark', options),
  };
}

async function make(
  studio: Studio,
  size: 'card' | 'wide',
  theme: 'light' | 'dark',
  { title, note }: PictureOptions,
): Promise<Buffer> {
  await yieldTurn();
  const words = { ...(title === undefined ? {} : { title }), ...(note === undefined ? {} : { note }) };
  const svg = await inTurns(studio.draw({ size, theme, letters: 'shipped', ...words }));
  let png: Buffer = Buffer.alloc(0);
  for (const way of WAYS[size]) {
    // What has been drawn or encoded until here has had its turn.
    await yieldTurn();
    png = await renderPng(svg, way);
    if (png.length <= MOST_BYTES) break;
  }
  return png;
}
