import { expect, test } from 'vitest';
import { COLUMNS, type ColumnKey, GRID_WIDTH } from './columns';
import { gridFor, onGrid, usedColumns } from './grid';
import { layout } from './layout';
import { edge, node, viewOf } from './testing/views';

const ALL = new Set<ColumnKey>(COLUMNS.map((column) => column.key));
const ROOMS = [300, 860, 900, 960, 1026, 1168, 1250, 1400, 1624, 3000];

test('columns take the room that there is, never more, down to the narrowest', () => {
  const widths = ROOMS.map((room) => gridFor(room, ALL).width);
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
  const least = gridFor(0, ALL).width;
  for (const [index, room] of ROOMS.entries())
    expect(widths[index]).toBeLessThanOrEqual(Math.max(room, least));
  expect(least).toBeLessThanOrEqual(890);
});

test('the plain grid is that of exported pictures', () => {
  expect(gridFor(GRID_WIDTH, ALL)).toEqual({ columns: COLUMNS, width: GRID_WIDTH });
});

test('columns do not overlap and leave a gap for lines', () => {
  for (const room of ROOMS) {
    const { columns } = gridFor(room, ALL);
    for (const [index, column] of columns.entries()) {
      const next = columns[index + 1];
      if (next) expect(next.x - column.x - column.width).toBeGreaterThanOrEqual(18);
    }
  }
});

test('a column without cards takes no room', () => {
  const used = new Set<ColumnKey>(['loadbalancer', 'service', 'pods']);
  const { columns } = gridFor(800, used);
  expect(columns.map((column) => column.key)).toEqual(['loadbalancer', 'service', 'pods']);
  expect(columns[0]?.x).toBe(0);
});

test('on a grid rows stay, cards keep to their column, and what hangs keeps its indent', () => {
  const view = viewOf([
    ['a.example', 0, 1, 2],
    ['b.example', 1, 2, 1],
  ]);
  const whole = layout({
    nodes: [...view.nodes, node('secret:x', 'secret'), node('group:h', 'group', { folds: 'hosts' })],
    edges: [...view.edges, edge('terminates', 'rule:a.example/0', 'secret:x')],
  });
  const grid = gridFor(900, usedColumns(whole));
  const tight = onGrid(whole, grid);
  const columns = new Map(grid.columns.map((column) => [column.key, column]));
  for (const [id, box] of tight.boxes) {
    const column = columns.get(box.column);
    expect([box.y, box.height]).toEqual([whole.boxes.get(id)?.y, whole.boxes.get(id)?.height]);
    expect(box.x).toBeGreaterThanOrEqual(column?.x ?? 0);
    if (id !== 'group:h') expect(box.x + box.width).toBe((column?.x ?? 0) + (column?.width ?? 0));
  }
  const lb = columns.get('loadbalancer');
  expect(tight.boxes.get('group:h')?.width).toBe((lb?.x ?? 0) + (lb?.width ?? 0));
  expect(tight.boxes.get('secret:x')?.x).toBeGreaterThan(tight.boxes.get('rule:a.example/0')?.x ?? 0);
});

test('an unmoved box keeps its object, so that its card is not drawn again', () => {
  const whole = layout(viewOf([['a.example', 0, 1, 2]]));
  const used = usedColumns(whole);
  const first = onGrid(whole, gridFor(900, used));
  const again = onGrid(layout(viewOf([['a.example', 0, 1, 2]]), whole), gridFor(901, used));
  for (const [id, box] of again.boxes) expect(box).toBe(first.boxes.get(id));
});
