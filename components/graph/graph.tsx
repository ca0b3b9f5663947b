'use client';

import { type CoordinateExtent, ReactFlow, ReactFlowProvider, type Viewport } from '@xyflow/react';
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { gridFor, onGrid, usedColumns } from '@/lib/layout/grid';
import type { Layout } from '@/lib/layout/layout';
import type { Scene } from '@/lib/layout/scene';
import { Card, HostsCard } from './card';
import { ColumnHeads } from './column-heads';
import type { CardNode, WireEdge } from './flow-types';
import { focusCard } from './focus-card';
import { Pointing, useHighlight } from './highlight';
import { isArrow, neighbour } from './move';
import { FlowMapper } from './to-flow';
import { useFit } from './use-fit';
import { useRoom } from './use-room';
import { useSelection } from './use-selection';
import { boundsOf, MARGIN } from './viewport';
import { Wire } from './wire';
import { ZoomControls } from './zoom-controls';

const NODE_TYPES = { card: Card, hosts: HostsCard };
const EDGE_TYPES = { wire: Wire };

/** A picture to look at: what it shows is the cluster's to change. */
const LOOK_ONLY = {
  onlyRenderVisibleElements: true,
  nodesDraggable: false,
  nodesConnectable: false,
  elementsSelectable: false,
  edgesFocusable: false,
  nodesFocusable: true,
  panOnScroll: true,
  zoomOnDoubleClick: false,
  minZoom: 0.15,
  maxZoom: 1.75,
} as const;

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
  const window = useRoom(frame);
  const room = window.width - props.covered;
  const grid = gridFor(room - MARGIN * 2, usedColumns(props.scene.layout));
  const layout = useMemo(() => onGrid(props.scene.layout, grid), [props.scene.layout, grid]);
  const bounds = useMemo(() => boundsOf(layout, window), [layout, window]);
  return (
    <div ref={frame} className="relative h-full w-full">
      {room > 0 && (
        <ReactFlowProvider>
          <Canvas {...props} frame={frame} room={room} layout={layout} bounds={bounds}>
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
  /** How far one can pan. */
  readonly bounds: CoordinateExtent;
  readonly children: ReactNode;
}

function Canvas(props: CanvasProps) {
  const { scene, layout, selected, picture, onOpen, onClear, frame, room, bounds, children } = props;
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
  useLight(frame, scene, selected);
  useSelection({ frame, scene, layout, selected, fit });

  const [pointing] = useState(() => new Pointing());
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
        const id = event.target.matches(':focus-visible') ? cardAt(event.target) : null;
        if (id !== null) pointing.at(() => scene.chains.through(id));
      }}
      onBlur={() => pointing.leave()}
    >
      <ReactFlow<CardNode, WireEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        {...LOOK_ONLY}
        translateExtent={bounds}
        onNodeClick={(_, node) => onOpen(node.id)}
        onNodeMouseEnter={(_, node) => pointing.restAt(() => scene.chains.through(node.id))}
        onNodeMouseLeave={() => pointing.leave()}
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
function useLight(frame: RefObject<HTMLElement | null>, scene: Scene, selected: string | null): void {
  useEffect(() => {
    const lit =
      selected !== null && scene.drawing.nodes.has(selected) ? scene.chains.through(selected) : null;
    useHighlight.setState({ selected: lit });
  }, [scene, selected]);
  useEffect(() => {
    const stop = useHighlight.subscribe(({ pointed }) =>
      frame.current?.toggleAttribute('data-pointing', pointed !== null),
    );
    return () => {
      stop();
      useHighlight.setState({ pointed: null, selected: null });
    };
  }, [frame]);
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
