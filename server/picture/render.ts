import 'server-only';

/** SVG → PNG, beside the event loop: resvg draws in a thread of its own. */
import { renderAsync } from '@resvg/resvg-js';
import { FONT_FAMILY, fontFiles } from './fonts';
import { PictureError } from './picture-error';
import { encodePng } from './png';

/** More is refused before anything is drawn: four bytes a pixel are held at once. */
export const MOST_PIXELS = 2400 * 3600;

export interface RenderOptions {
  /** Width of the PNG in pixels; default that of the SVG. */
  readonly width?: number;
  /** Most colours, 2 to 256; fewer take fewer bytes. */
  readonly colours?: number;
}

/** Draws an SVG of ours. Throws a PictureError if a font is missing, it has no size, or it would have too many pixels. */
export async function renderPng(svg: string, { width, colours = 256 }: RenderOptions = {}): Promise<Buffer> {
  const size = sizeOf(svg);
  const wide = Math.round(width ?? size.width);
  const high = Math.round((size.height * wide) / size.width);
  if (!(wide >= 1) || wide * high > MOST_PIXELS)
    throw new PictureError(
      'too-large',
      `A picture of ${wide}×${high} pixels was asked for; allowed are up to ${MOST_PIXELS} pixels, such as 2400×3600.`,
    );
  const image = await renderAsync(svg, {
    font: { loadSystemFonts: false, fontFiles: [...fontFiles()], defaultFontFamily: FONT_FAMILY },
    fitTo: { mode: 'width', value: wide },
    logLevel: 'off',
  });
  return encodePng({ data: image.pixels, width: image.width, height: image.height }, colours);
}

/** Width and height that the SVG's root element says, in pixels. */
function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const root = /^<svg\b[^>]*>/.exec(svg)?.[0] ?? '';
  const width = Number(/ width="([\d.]+)"/.exec(root)?.[1]);
  const height = Number(/ height="([\d.]+)"/.exec(root)?.[1]);
  if (!(width > 0 && height > 0))
    throw new PictureError('unreadable', 'The SVG has no width and height in pixels at its root element.');
  return { width, height };
}
