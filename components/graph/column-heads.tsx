'use client';

import { type ReactFlowState, useStore } from '@xyflow/react';
import type { Grid } from '@/lib/layout/grid';

const viewportX = (state: ReactFlowState) => state.transform[0];
const viewportZoom = (state: ReactFlowState) => state.transform[2];

/** Titles of the columns: they move sideways with the picture and stay when it scrolls. */
export function ColumnHeads({ grid }: { readonly grid: Grid }) {
  const x = useStore(viewportX);
  const zoom = useStore(viewportZoom);
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute inset-x-0 top-0 z-10 h-9 overflow-hidden border-b border-line bg-canvas/90"
    >
      {grid.columns.map((column) => (
        <span
          key={column.key}
          className="eyebrow absolute top-2.5 truncate"
          style={{ transform: `translateX(${x + column.x * zoom}px)`, maxWidth: column.width * zoom + 16 }}
        >
          {column.title}
        </span>
      ))}
    </div>
  );
}
