'use client';

import { useRef, useState } from 'react';
import { ElsewhereList } from '@/components/clusters/elsewhere';
import { HiddenNote } from '@/components/panels/hidden-note';
import { PhoneView } from '@/components/panels/phone-view';
import { InspectorPane } from './inspector-pane';
import type { WorkspaceProps } from './workspace';

/** The phone's screen. A link leads to the verdict, also where it selects something: the inspector covers all, so only a tap opens it. */
export function Phone(props: WorkspaceProps) {
  const { view, actions } = props;
  const focused = view.focus === null ? undefined : props.topology.nodes.get(view.focus);
  const page = useRef<HTMLElement>(null);
  const [tapped, setTapped] = useState<string | null>(null);
  return (
    <main ref={page} className="relative min-h-0 flex-1 overflow-y-auto">
      <PhoneView
        scene={props.scene}
        problems={props.problems}
        findings={props.topology.findings}
        summary={props.topology.summary}
        nodes={props.topology.nodes}
        current={props.current}
        now={props.now}
        marks={props.marks}
        revealed={props.revealed}
        selected={view.select}
        focus={view.focus}
        note={
          <>
            {props.note}
            {focused?.kind === 'host' && <ElsewhereList node={focused} boxed />}
            <HiddenNote cluster={props.topology.cluster} nodes={props.topology.nodes} />
            {props.panel && <div className="rounded-xl border border-line bg-panel">{props.panel}</div>}
          </>
        }
        onOpen={(id) => {
          setTapped(id);
          actions.open(id);
        }}
        onPick={(problem) => {
          setTapped(null);
          actions.pickProblem(problem);
          page.current?.scrollTo({ top: 0 });
        }}
      />
      {tapped !== null && tapped === view.select && (
        <InspectorPane
          {...props}
          actions={{
            ...actions,
            open: (id) => {
              setTapped(id);
              actions.open(id);
            },
          }}
        />
      )}
    </main>
  );
}
