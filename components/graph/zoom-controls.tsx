'use client';

import { Panel, useReactFlow } from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';

interface Props {
  readonly onFit: () => void;
}

export function ZoomControls({ onFit }: Props) {
  const flow = useReactFlow();
  return (
    <Panel
      position="bottom-right"
      style={{ margin: '0 96px 4px 0' }}
      className="flex overflow-hidden rounded-lg border border-line bg-panel"
    >
      <Tool label="Zoom out" onClick={() => void flow.zoomOut()}>
        <Minus size={16} aria-hidden="true" />
      </Tool>
      <Tool label="Zoom in" onClick={() => void flow.zoomIn()}>
        <Plus size={16} aria-hidden="true" />
      </Tool>
      <Tool label="Fit to width" onClick={onFit}>
        <Maximize size={15} aria-hidden="true" />
      </Tool>
    </Panel>
  );
}

interface ToolProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Tool({ label, onClick, children }: ToolProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="grid size-8 place-items-center text-soft hover:bg-hover hover:text-text focus-visible:-outline-offset-2"
    >
      {children}
    </button>
  );
}
