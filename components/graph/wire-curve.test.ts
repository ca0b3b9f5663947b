import { getBezierPath, Position } from '@xyflow/react';
import { expect, test } from 'vitest';
import { curve } from '@/lib/layout/wire-path';

test.each([
  [0, 0, 72, 124],
  [10, 300, 28, 20],
  [236, 25, 200, 400],
])('a line runs as React Flow draws it: %i,%i to %i,%i', (sourceX, sourceY, targetX, targetY) => {
  const ends = { sourceX, sourceY, targetX, targetY };
  const [path] = getBezierPath({ ...ends, sourcePosition: Position.Right, targetPosition: Position.Left });
  expect(curve(ends, 'none').path).toBe(path);
});
