/** The page's layout in large print: the same order and columns, rows as high as there is room for. */
import { type Grid, onGrid } from '@/lib/layout/grid';
import type { Box, Layout } from '@/lib/layout/layout';

const LEAST = 1.1;
const MOST = 2.3;

/** A layout on a grid whose rows take up to `height`; only what is too much for that is higher. */
export function stretched(layout: Layout, grid: Grid, height: number): Layout {
  const placed = onGrid(layout, grid);
  const stretch = Math.max(LEAST, Math.min(MOST, height / Math.max(1, layout.height)));
  const boxes = new Map<string, Box>();
  for (const [id, box] of placed.boxes)
    boxes.set(id, { ...box, y: box.y * stretch, height: box.height * stretch });
  return { boxes, width: placed.width, height: layout.height * stretch };
}
