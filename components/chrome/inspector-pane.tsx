'use client';

import dynamic from 'next/dynamic';
import { useRef } from 'react';
import { useInspectorFocus } from './use-inspector-focus';
import type { WorkspaceProps } from './workspace';

// `ssr: false`: only the pane waits for it, not the page.
const Inspector = dynamic(() => import('@/components/panels/inspector').then((module) => module.Inspector), {
  ssr: false,
});

export const PANE = 'overflow-y-auto border-line bg-panel';
/** Beside the picture, or over its right side where that is narrow. */
export const BESIDE =
  'relative w-[340px] shrink-0 max-[1599px]:w-80 border-l max-[1439px]:absolute max-[1439px]:inset-y-0 max-[1439px]:right-0 max-[1439px]:z-20 max-[1439px]:shadow-float';

/** The inspector's place: beside the picture, over its right side where that is narrow, over all of a phone. */
export function InspectorPane({ view, scene, topology, now, actions, marks, narrow }: WorkspaceProps) {
  const pane = useRef<HTMLElement>(null);
  useInspectorFocus(pane, view.select);
  const node =
    view.select === null
      ? undefined
      : (scene.drawing.nodes.get(view.select) ?? topology.nodes.get(view.select));
  if (!node) return null;
  const place = narrow ? 'fixed inset-0 z-30' : BESIDE;
  return (
    <aside
      ref={pane}
      tabIndex={-1}
      aria-label="Inspector"
      className={`${PANE} focus-visible:outline-2 focus-visible:-outline-offset-2 ${place}`}
    >
      <Inspector
        node={node}
        scene={scene}
        findings={topology.findings}
        version={topology.version}
        now={now}
        marks={marks}
        onOpen={actions.open}
        onFocus={actions.focus}
        onClose={actions.close}
      />
    </aside>
  );
}
