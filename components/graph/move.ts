/** Which card an arrow key leads to. */
import type { Box } from '@/lib/layout/layout';

export type Arrow = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight';

export function isArrow(key: string): key is Arrow {
  return key === 'ArrowUp' || key === 'ArrowDown' || key === 'ArrowLeft' || key === 'ArrowRight';
}

/** The nearest card in that direction: up and down within the column, left and right by least climb in the next column that has cards. */
export function neighbour(boxes: Iterable<Box>, from: Box, arrow: Arrow): Box | null {
  let best: Box | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const box of boxes) {
    const distance = cost(box, from, arrow);
    if (distance < least) {
      least = distance;
      best = box;
    }
  }
  return best;
}

function cost(box: Box, from: Box, arrow: Arrow): number {
  if (box.id === from.id) return Number.POSITIVE_INFINITY;
  if (arrow === 'ArrowUp' || arrow === 'ArrowDown') {
    const down = arrow === 'ArrowDown' ? box.y - from.y : from.y - box.y;
    return box.column === from.column && down > 0 ? down : Number.POSITIVE_INFINITY;
  }
  const across = arrow === 'ArrowRight' ? box.x - from.x : from.x - box.x;
  if (box.column === from.column || across <= 0) return Number.POSITIVE_INFINITY;
  // The next column wins over any climb.
  return across * 10_000 + Math.abs(box.y - from.y);
}
