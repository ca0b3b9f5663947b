'use client';

import { ReactFlow, ReactFlowProvider, type Viewport } from '@xyflow/react';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useMemo, useRef } from 'react';
import { gridFor, onGrid, usedColumns } from '@/lib/layout/grid';
import type { Layout } from '@/lib/layout/layout';
import { Card, HostsCard } from './card';
import { ColumnHeads } from './column-heads';
import type { CardNode, WireEdge } from './flow-types';
import { focusCard } from './focus-card';
import { useHighlight } from './highlight';
import { isArrow, neighbour } from './move';
import type { Scene } from './scene';
import { FlowMapper } from './to-flow';
import { useFit } from './use-fit';
import { useRoom } from './use-room';
import { useSelection } from './use-selection';
import { MARGIN } from './viewport';
import { Wire } from './wire';
import { ZoomControls } from './zoom-controls';

const NODE_TYPES = { card: Card, hosts: HostsCard };
const EDGE_TYPES = { wire: Wire };

interface Props {
  readonly scene: Scene;
  readonly selected: string | null;
  /** Names what is drawn: another name is another picture. */
  readonly picture: string;
  readonly onOpen: (id: string) => void;
  readonly onClear: () => void;
  /** How much of the right side a drawer covers. */
  readonly covered: number;
}

export function Graph(props: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const room = useRoom(frame) - props.covered;
  const grid = gridFor(room - MARGIN * 2, usedColumns(props.scene.layout));
  const layout = useMemo(() => onGrid(props.scene.layout, grid), [props.scene.layout, grid]);
  return (
    <div ref={frame} className="relative h-full w-full">
      {room > 0 && (
        <ReactFlowProvider>
          <Canvas {...props} frame={frame} room={room} layout={layout}>
            <ColumnHeads grid={grid} />
          </Canvas>
        </ReactFlowProvider>
      )}
    </div>
  );
}

interface CanvasProps extends Props {
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly room: number;
  readonly layout: Layout;
  readonly children: ReactNode;
}

function Canvas({ scene, layout, selected, picture, onOpen, onClear, frame, room, children }: CanvasProps) {
  const before = useRef<Viewport | null>(null);
  const mapper = useRef<FlowMapper>(null);
  mapper.current ??= new FlowMapper();
  const map = mapper.current;
  const nodes = useMemo(
    () => map.nodes([...scene.drawing.nodes.values()], layout, selected),
    [map, scene, layout, selected],
  );
  const edges = useMemo(() => map.edges([...scene.drawing.edges.values()], layout), [map, scene, layout]);
  const fit = useFit({ frame, layout, room, picture });
  useLight(scene, selected);
  useSelection({ frame, scene, layout, selected, fit });

  const point = (id: string | null) =>
    useHighlight.setState({ pointed: id === null ? null : scene.chains.through(id) });
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const id = cardAt(event.target);
    if (id === null) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onOpen(id);
      return;
    }
    const from = layout.boxes.get(id);
    if (!from || !isArrow(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const next = neighbour(layout.boxes.values(), from, event.key);
    if (next) fit.reveal([next], () => focusCard(frame.current, next.id));
  };

  return (
    // The cards inside are the controls; this only hears the arrow keys that bubble up from them.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      className="h-full w-full"
      onKeyDownCapture={onKeyDown}
      onFocus={(event) => {
        if (event.target.matches(':focus-visible')) point(cardAt(event.target));
      }}
      onBlur={() => point(null)}
    >
      <ReactFlow<CardNode, WireEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onlyRenderVisibleElements
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        edgesFocusable={false}
        nodesFocusable
        panOnScroll
        zoomOnDoubleClick={false}
        minZoom={0.15}
        maxZoom={1.75}
        onNodeClick={(_, node) => onOpen(node.id)}
        onNodeMouseEnter={(_, node) => point(node.id)}
        onNodeMouseLeave={() => point(null)}
        onPaneClick={onClear}
        // A click starts a move too; only one that got somewhere is the person's own.
        onMoveStart={(_, viewport) => {
          before.current = viewport;
        }}
        onMoveEnd={(event, viewport) => {
          if (event && moved(before.current, viewport)) fit.release();
        }}
      >
        {children}
        <Bar />
        <ZoomControls onFit={fit.now} />
      </ReactFlow>
    </div>
  );
}

/** Ground for what stands at the bottom: no card shows through under it. */
function Bar() {
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute inset-x-0 bottom-0 z-[4] h-11 border-t border-line bg-canvas"
    />
  );
}

/** Keeps the selection's chain lit, and lets go of the light when the picture goes. */
function useLight(scene: Scene, selected: string | null): void {
  useEffect(() => {
    const lit =
      selected !== null && scene.drawing.nodes.has(selected) ? scene.chains.through(selected) : null;
    useHighlight.setState({ selected: lit });
  }, [scene, selected]);
  useEffect(() => () => useHighlight.setState({ pointed: null, selected: null }), []);
}

/** Id of the card in which an event happened. */
function cardAt(target: EventTarget): string | null {
  return target instanceof Element
    ? (target.closest('.react-flow__node')?.getAttribute('data-id') ?? null)
    : null;
}

function moved(from: Viewport | null, to: Viewport): boolean {
  return from === null || from.x !== to.x || from.y !== to.y || from.zoom !== to.zoom;
}
