'use client';

import type { Scene } from '@/components/graph/scene';
import { CopyButton } from '@/components/ui/copy-button';
import { StatusMark } from '@/components/ui/status-mark';
import type { Finding, Summary, TopologyNode } from '@/lib/topology/model';
import { allClear } from './all-clear';
import { ChainSteps } from './chain-steps';
import { Command } from './command';
import { FindingCard } from './finding-card';
import { ListView } from './list-view';
import { ProblemCard } from './problem-card';
import type { Problem, Problems } from './problems';
import { stepsOf } from './steps';

interface Props {
  readonly scene: Scene;
  readonly problems: Problems;
  readonly findings: ReadonlyMap<string, Finding>;
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly summary: Summary;
  readonly current: Problem | null;
  readonly now: number;
  readonly selected: string | null;
  readonly onOpen: (id: string) => void;
  readonly onPick: (problem: Problem) => void;
}

/** For a phone: the verdict, the chain as steps, one button that copies the link. */
export function PhoneView(props: Props) {
  const { problems, findings, scene, now } = props;
  const shown = props.current ?? problems.broken[0] ?? problems.unknown[0] ?? null;
  const others = [...problems.broken, ...problems.unknown].filter((problem) => problem.id !== shown?.id);
  return (
    <div className="flex flex-col gap-5 px-3.5 py-4">
      <h2 className="sr-only">Verdict</h2>
      {shown ? (
        <FindingCard finding={shown.symptom} all={findings} now={now} />
      ) : (
        <AllWell summary={props.summary} />
      )}
      {shown && <Way problem={shown} scene={scene} onOpen={props.onOpen} />}
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
          <ul className="flex flex-col gap-2">
            {others.map((problem) => (
              <li key={problem.id}>
                <ProblemCard
                  problem={problem}
                  nodes={props.nodes}
                  now={now}
                  current={false}
                  onPick={() => props.onPick(problem)}
                />
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="-mx-3.5 border-t border-line">
        <ListView scene={scene} selected={props.selected} onOpen={props.onOpen} />
      </div>
    </div>
  );
}

function Way({
  problem,
  scene,
  onOpen,
}: {
  readonly problem: Problem;
  readonly scene: Scene;
  readonly onOpen: (id: string) => void;
}) {
  const pivot = problem.affects.map((item) => item.rule).find((id) => scene.chains.chain(id) !== null);
  const look = [...problem.chain].reverse().flatMap((finding) => finding.fix.look)[0];
  return (
    <>
      {pivot !== undefined && <ChainSteps steps={stepsOf(pivot, scene)} onOpen={onOpen} />}
      {look !== undefined && <Command text={look} />}
    </>
  );
}

function AllWell({ summary }: { readonly summary: Summary }) {
  const { status, title, more } = allClear(summary);
  return (
    <p className="flex items-center gap-3 rounded-xl border border-line bg-card p-4">
      <StatusMark status={status} size={20} />
      <span>
        <strong className="block font-semibold">{title}</strong>
        <span className="text-xs text-soft">{more}</span>
      </span>
    </p>
  );
}
