'use client';

import type { ReactNode } from 'react';
import type { Marks } from '@/components/data/mark-store';
import { CopyButton } from '@/components/ui/copy-button';
import { StatusMark } from '@/components/ui/status-mark';
import { cardText } from '@/lib/layout/card-text';
import type { Scene } from '@/lib/layout/scene';
import type { Finding, Summary, TopologyNode } from '@/lib/topology/model';
import { alsoHarmed, nodeOf, type Problem, type Problems } from '@/lib/topology/problems';
import { knownStatus, STATUS_WORD } from '@/lib/topology/status-words';
import { type AllClear, allClear } from './all-clear';
import { ChainSteps } from './chain-steps';
import { Command } from './command';
import { ExpectedList } from './expected-list';
import { FindingCard } from './finding-card';
import { ListView } from './list-view';
import { ProblemList } from './problem-list';
import type { RailEntry } from './rail-entry';
import { RiskList } from './risk-list';
import { stepsOf } from './steps';

interface Props {
  readonly scene: Scene;
  readonly problems: Problems;
  readonly findings: ReadonlyMap<string, Finding>;
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly summary: Summary;
  readonly current: Problem | null;
  readonly now: number;
  readonly marks: Marks;
  readonly revealed: RailEntry | null;
  readonly selected: string | null;
  /** Only what leads through this node is asked for. */
  readonly focus: string | null;
  readonly onOpen: (id: string) => void;
  readonly onPick: (problem: Problem) => void;
  /** Stands beneath the verdict. */
  readonly note?: ReactNode;
}

/** For a phone: the verdict, the chain as steps, one button that copies the link. */
export function PhoneView(props: Props) {
  const { problems, scene, now, focus } = props;
  // A link to something healthy must not lead to another's fault.
  const well = focus !== null && props.current === null ? props.nodes.get(focus) : undefined;
  const shown = well ? null : (props.current ?? problems.broken[0] ?? problems.unknown[0] ?? null);
  const others = [...problems.broken, ...problems.unknown].filter((problem) => problem.id !== shown?.id);
  return (
    <div className="flex flex-col gap-5 px-3.5 py-4">
      <h2 className="sr-only">Verdict</h2>
      {shown && <Verdict problem={shown} {...props} />}
      {!shown && !well && <AllWell {...allClear(props.summary)} />}
      {well && (
        <AllWell
          status={knownStatus(well.status)}
          title={`${cardText(well).full}: ${STATUS_WORD[knownStatus(well.status)]}`}
          more="Whether traffic flows is not measured."
        />
      )}
      {props.note}
      <Way problem={shown} focus={focus} scene={scene} onOpen={props.onOpen} />
      <CopyButton
        text={() => window.location.href}
        label="Copy link to this view"
        className="flex h-12 w-full items-center justify-center gap-2 rounded-xl bg-accent-fill text-[15px] font-semibold text-accent-text"
      >
        Copy link to this view
      </CopyButton>
      {others.length > 0 && (
        <section aria-labelledby="phone-others">
          <h2 id="phone-others" className="eyebrow pb-2">
            Also ({others.length})
          </h2>
          <ProblemList {...props} current={null} problems={others} />
        </section>
      )}
      {problems.expected.length > 0 && (
        <ExpectedList
          expected={problems.expected}
          now={now}
          onPick={props.onPick}
          onRemove={props.marks.remove}
        />
      )}
      {problems.risks.length > 0 && (
        <RiskList
          risks={problems.risks}
          isDrawn={(finding) => nodeOf(finding, props.nodes) !== null}
          onPick={(finding) => {
            const at = nodeOf(finding, props.nodes);
            if (at !== null) props.onOpen(at);
          }}
          revealed={props.revealed}
        />
      )}
      <div className="-mx-3.5 border-t border-line">
        <ListView scene={scene} selected={props.selected} onOpen={props.onOpen} />
      </div>
    </div>
  );
}

function Verdict({ problem, findings, nodes, now, marks }: Props & { readonly problem: Problem }) {
  const also = alsoHarmed(problem, nodes);
  return (
    <div>
      <FindingCard finding={problem.symptom} all={findings} now={now} marks={marks} />
      {also.length > 0 && (
        <p className="name px-1 pt-2 text-xs text-soft">The same harms {also.join(', ')}</p>
      )}
    </div>
  );
}

interface WayProps {
  readonly problem: Problem | null;
  readonly focus: string | null;
  readonly scene: Scene;
  readonly onOpen: (id: string) => void;
}

/** The chain of what is asked for, else of the first that the problem harms; and the first safe look. */
function Way({ problem, focus, scene, onOpen }: WayProps) {
  const pivots = focus === null ? [] : scene.chains.pivots(focus);
  const harmed = problem?.affects.map((item) => item.rule) ?? [];
  const wanted = harmed.length === 0 ? pivots : harmed.filter((id) => pivots.includes(id));
  const pivot = [...wanted, ...harmed].find((id) => scene.chains.chain(id) !== null);
  const look = [...(problem?.chain ?? [])].reverse().flatMap((finding) => finding.fix.look)[0];
  return (
    <>
      {pivot !== undefined && <ChainSteps steps={stepsOf(pivot, scene)} onOpen={onOpen} />}
      {look !== undefined && <Command text={look} />}
    </>
  );
}

function AllWell({ status, title, more }: AllClear) {
  return (
    <p className="flex items-center gap-3 rounded-xl border border-line bg-card p-4">
      <StatusMark status={status} size={20} />
      <span className="min-w-0">
        <strong className="name block font-semibold">{title}</strong>
        <span className="text-xs text-soft">{more}</span>
      </span>
    </p>
  );
}
