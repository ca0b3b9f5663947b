'use client';

import { ReactFlow, ReactFlowProvider, type Viewport } from '@xyflow/react';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { Card, HostsCard } from './card';
import { ColumnHeads } from './column-heads';
import type { CardNode, WireEdge } from './flow-types';
import { useHighlight } from './highlight';
import { isArrow, neighbour } from './move';
import type { Scene } from './scene';
import { FlowMapper } from './to-flow';
import { useFit } from './use-fit';
import { Wire } from './wire';
import { ZoomControls } from './zoom-controls';

const NODE_TYPES = { card: Card, hosts: HostsCard };
const EDGE_TYPES = { wire: Wire };

interface Props {
  readonly scene: Scene;
  readonly selected: string | null;
  readonly onOpen: (id: string) => void;
  readonly onClear: () => void;
  /** How much of the right side a drawer covers. */
  readonly covered: number;
}

export function Graph(props: Props) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ scene, selected, onOpen, onClear, covered }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const before = useRef<Viewport | null>(null);
  const mapper = useRef<FlowMapper>(null);
  mapper.current ??= new FlowMapper();
  const map = mapper.current;
  const nodes = useMemo(
    () => map.nodes([...scene.drawing.nodes.values()], scene.layout, selected),
    [map, scene, selected],
  );
  const edges = useMemo(() => map.edges([...scene.drawing.edges.values()], scene.layout), [map, scene]);
  const fit = useFit(frame, scene.layout, selected, covered);
  useLight(scene, selected);

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
    const from = scene.layout.boxes.get(id);
    if (!from || !isArrow(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const next = neighbour(scene.layout.boxes.values(), from, event.key);
    if (next) fit.reveal(next, () => focusCard(frame.current, next.id));
  };

  return (
    // The cards inside are the controls; this only hears the arrow keys that bubble up from them.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      ref={frame}
      className="relative h-full w-full"
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
        <ColumnHeads />
        <ZoomControls onFit={fit.now} />
      </ReactFlow>
    </div>
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

function focusCard(frame: HTMLElement | null, id: string): void {
  const card = [...(frame?.querySelectorAll<HTMLElement>('.react-flow__node') ?? [])].find(
    (item) => item.dataset.id === id,
  );
  card?.focus({ preventScroll: true });
}
