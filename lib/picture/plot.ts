/** The graph of a picture: titles of the columns, lines, cards. */
import type { Grid } from '@/lib/layout/grid';
import type { Scene } from '@/lib/layout/scene';
import { element } from './markup';
import { type CardSetter, type Ink, type Plot, SEMIBOLD } from './print';
import { textAt } from './text';
import { drawWires } from './wires';

interface PlotInput {
  readonly scene: Scene;
  readonly plot: Plot;
  readonly grid: Grid;
  readonly lit: ReadonlySet<string>;
  readonly setter: CardSetter;
  /** Size of the columns' titles and how far above the graph they stand, in its pixels. */
  readonly head: { readonly size: number; readonly above: number };
}

/** Draws the graph. */
export function drawPlot({ scene, plot, grid, lit, setter, head }: PlotInput, ink: Ink): string {
  const heads = grid.columns.map((column) =>
    textAt(column.x, -head.above, column.title, {
      size: head.size,
      weight: SEMIBOLD,
      fill: ink.palette['text-quiet'],
    }),
  );
  const wires = drawWires([...scene.drawing.edges.values()], plot.layout, lit, ink);
  const nodes = [...scene.drawing.nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const cards = nodes.map((node) => {
    const box = plot.layout.boxes.get(node.id);
    return box ? setter(node, box, ink) : '';
  });
  const transform = `translate(${Math.round(plot.x)} ${Math.round(plot.y)}) scale(${Math.round(plot.scale * 1000) / 1000})`;
  return element('g', { transform }, heads.join('') + wires + cards.join(''));
}
