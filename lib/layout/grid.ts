/**
 * The same picture on wider or narrower columns: rows stay where they are, columns take the room that there is,
 * and a column without cards takes none. So text keeps its size; only names give way.
 */
import { COLUMNS, type Column, type ColumnKey, columnNamed } from './columns';
import type { Box, Layout } from './layout';

export interface Grid {
  readonly columns: readonly Column[];
  readonly width: number;
}

/** Width of a column and of the gap after it. */
type Span = readonly [width: number, gap: number];

/** From the narrowest that still tells names apart, over that of `COLUMNS`, to the widest that is of use. */
const SPANS: Readonly<Record<ColumnKey, readonly [tight: Span, plain: Span, roomy: Span]>> = {
  dns: [[144, 18], spanOf('dns'), [300, 44]],
  loadbalancer: [[126, 18], spanOf('loadbalancer'), [190, 44]],
  controller: [[118, 18], spanOf('controller'), [200, 52]],
  rule: [[130, 48], spanOf('rule'), [280, 96]],
  service: [[110, 54], spanOf('service'), [220, 96]],
  pods: [[104, 0], spanOf('pods'), [190, 0]],
};

/** A window that is dragged wider must not move everything at each pixel. */
const STEPS = 16;

const grids = new Map<string, Grid>();

/** The widest grid of these columns that fits into `room`; the narrowest one where none does. The same room gives the same object. */
export function gridFor(room: number, used: ReadonlySet<ColumnKey>): Grid {
  const stretch = stretchFor(room, used);
  const key = `${stretch} ${COLUMNS.map((column) => Number(used.has(column.key))).join('')}`;
  const known = grids.get(key);
  if (known) return known;
  const grid = gridOf(stretch, used);
  grids.set(key, grid);
  return grid;
}

/** Columns in which a layout has cards. */
export function usedColumns(layout: Layout): ReadonlySet<ColumnKey> {
  const used = new Set<ColumnKey>();
  for (const box of layout.boxes.values()) {
    used.add(box.column);
    if (isWide(box)) used.add('loadbalancer');
  }
  return used;
}

const moved = new WeakMap<Grid, WeakMap<Box, Box>>();

/** A layout on a grid. A box that stays the same gives the same box, so that the page redraws only what changed. */
export function onGrid(layout: Layout, grid: Grid): Layout {
  const columns = new Map(grid.columns.map((column) => [column.key, column]));
  const known = moved.get(grid) ?? new WeakMap<Box, Box>();
  moved.set(grid, known);
  const boxes = new Map<string, Box>();
  for (const [id, box] of layout.boxes) {
    const there = known.get(box) ?? moveBox(box, columns);
    known.set(box, there);
    boxes.set(id, there);
  }
  return { boxes, width: grid.width, height: layout.height };
}

function moveBox(box: Box, columns: ReadonlyMap<ColumnKey, Column>): Box {
  const column = columns.get(box.column);
  if (!column) return box;
  const indent = box.x - columnNamed(box.column).x;
  if (!isWide(box)) return { ...box, x: column.x + indent, width: column.width - indent };
  const next = columns.get('loadbalancer') ?? column;
  return { ...box, x: column.x, width: next.x + next.width - column.x };
}

/** Folded hosts lie across two columns. */
function isWide(box: Box): boolean {
  return box.width > columnNamed(box.column).width;
}

/** 0 tight, 1 plain, 2 roomy, in steps. */
function stretchFor(room: number, used: ReadonlySet<ColumnKey>): number {
  for (let step = STEPS * 2; step > 0; step--) {
    if (gridOf(step / STEPS, used).width <= room) return step / STEPS;
  }
  return 0;
}

function gridOf(stretch: number, used: ReadonlySet<ColumnKey>): Grid {
  const columns: Column[] = [];
  let x = 0;
  let gap = 0;
  for (const { key, title } of COLUMNS) {
    if (!used.has(key)) continue;
    x += gap;
    const [tight, plainSpan, roomy] = SPANS[key];
    const [from, to] = stretch <= 1 ? [tight, plainSpan] : [plainSpan, roomy];
    const share = stretch <= 1 ? stretch : stretch - 1;
    const width = between(from[0], to[0], share);
    gap = between(from[1], to[1], share);
    columns.push({ key, title, x, width });
    x += width;
  }
  return { columns, width: x };
}

function between(from: number, to: number, share: number): number {
  return Math.round(from + (to - from) * share);
}

function spanOf(key: ColumnKey): Span {
  const index = COLUMNS.findIndex((column) => column.key === key);
  const column = columnNamed(key);
  const next = COLUMNS[index + 1];
  return [column.width, next ? next.x - column.x - column.width : 0];
}
