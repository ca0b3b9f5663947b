'use client';

import { ChevronRight } from 'lucide-react';
import { useRef, useState } from 'react';
import { HOP_WORD } from '@/components/learn/hops';
import { StatusMark } from '@/components/ui/status-mark';
import { useChanged } from '@/components/ui/use-changed';
import { useRevealed } from '@/components/ui/use-revealed';
import type { Finding, Hop } from '@/lib/topology/model';
import { count } from '@/lib/topology/text';
import { Command } from './command';
import type { RailEntry } from './rail-entry';
import { findingStatus } from './severity';

interface Props {
  readonly risks: readonly Finding[];
  /** Whether a node stands for it that can be shown. */
  readonly isDrawn: (finding: Finding) => boolean;
  readonly onPick: (finding: Finding) => void;
  /** What was asked for by other means than a click here. */
  readonly revealed: RailEntry | null;
  /** Nothing else is looked for: they are there without a click. */
  readonly alone?: boolean;
}

/** More of one hop are named by their number only. */
const MOST_OF_HOP = 60;

/** Everything that harms no traffic, by hop: quiet, each to be opened for what to do about it. */
export function RiskList({ risks, isDrawn, onPick, revealed, alone = false }: Props) {
  // Rows of what is folded would be drawn again with every change of the cluster.
  const [open, setOpen] = useState(alone || revealed?.list === 'risks');
  useChanged(alone, setOpen);
  useChanged(revealed, (entry) => {
    if (entry?.list === 'risks') setOpen(true);
  });
  const hops = open ? (Object.keys(HOP_WORD) as Hop[]) : [];
  return (
    <details
      open={open}
      className="group rounded-xl border border-line bg-card"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="flex list-none items-center gap-1.5 px-3 py-2.5 text-xs text-soft">
        <ChevronRight size={14} aria-hidden="true" className="transition-transform group-open:rotate-90" />
        {count(risks.length, 'risk')} and notes, no traffic harmed
      </summary>
      <div className="flex flex-col border-t border-line pb-1">
        {hops.map((hop) => {
          const own = risks.filter((finding) => finding.hop === hop);
          return own.length === 0 ? null : (
            <section key={hop} aria-label={HOP_WORD[hop]}>
              <h3 className="eyebrow flex justify-between px-3 pt-2.5 pb-0.5">
                {HOP_WORD[hop]}
                <span>{own.length}</span>
              </h3>
              <ul>
                {own
                  .filter(({ id }, index) => index < MOST_OF_HOP || id === revealed?.id)
                  .map((finding) => (
                    <Risk
                      key={finding.id}
                      finding={finding}
                      onShow={isDrawn(finding) ? onPick : null}
                      asked={revealed?.id === finding.id ? revealed : null}
                    />
                  ))}
              </ul>
              {own.length > MOST_OF_HOP && (
                <p className="px-3 pb-1 text-xs text-quiet">and {own.length - MOST_OF_HOP} more</p>
              )}
            </section>
          );
        })}
      </div>
    </details>
  );
}

/** One of them: its title, and folded beneath it what it means, what to do, and where to read more. */
export function Risk({
  finding,
  onShow,
  asked,
}: {
  readonly finding: Finding;
  readonly onShow: ((finding: Finding) => void) | null;
  readonly asked: RailEntry | null;
}) {
  const { fix } = finding;
  const head = useRef<HTMLElement>(null);
  useRevealed(head, asked);
  return (
    <li>
      <details className="group/risk text-xs">
        <summary ref={head} className="flex list-none gap-2 px-3 py-1.5 hover:bg-hover">
          <StatusMark status={findingStatus(finding)} size={14} className="mt-0.5" />
          <span className="name min-w-0 flex-1 font-medium">{finding.title}</span>
          <ChevronRight
            size={14}
            aria-hidden="true"
            className="mt-0.5 shrink-0 text-quiet transition-transform group-open/risk:rotate-90"
          />
        </summary>
        <div className="flex flex-col gap-1.5 px-3 pt-0.5 pb-2.5 pl-8.5">
          <p className="name text-quiet">{finding.detail}</p>
          <p className="name text-soft">{fix.summary}</p>
          {[...fix.look, ...fix.change].map((text) => (
            <Command key={text} text={text} />
          ))}
          <p className="flex gap-3">
            {onShow && (
              <button type="button" onClick={() => onShow(finding)} className="font-medium text-accent">
                Show
              </button>
            )}
            <a
              href={`/checks/${encodeURIComponent(finding.code)}`}
              target="_blank"
              rel="noreferrer"
              className="font-medium text-accent hover:underline"
            >
              About this check
            </a>
          </p>
        </div>
      </details>
    </li>
  );
}
