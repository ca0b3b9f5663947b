'use client';

import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { kindWord } from '@/components/ui/kinds';
import { STATUS_TEXT } from '@/components/ui/status';
import { StatusMark } from '@/components/ui/status-mark';
import { cardText } from '@/lib/layout/card-text';
import type { Scene } from '@/lib/layout/scene';
import type { TopologyNode } from '@/lib/topology/model';
import { knownStatus, STATUS_WORD } from '@/lib/topology/status-words';
import { type Branch, treeOf } from './tree';

interface Props {
  readonly scene: Scene;
  readonly selected: string | null;
  readonly onOpen: (id: string) => void;
}

/** The same chains as text: for screen readers, for find-in-page, for small screens. */
export function ListView({ scene, selected, onOpen }: Props) {
  const branches = treeOf(scene);
  return (
    <div className="mx-auto w-full max-w-4xl px-4 py-5">
      <h2 className="mb-3 text-lg font-semibold">Hosts and where they lead</h2>
      <ul className="flex flex-col gap-2">
        {branches.map((branch) => (
          <li key={branch.node.id} className="rounded-xl border border-line bg-card">
            <BranchView branch={branch} depth={0} selected={selected} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface BranchProps {
  readonly branch: Branch;
  readonly depth: number;
  readonly selected: string | null;
  readonly onOpen: (id: string) => void;
}

function BranchView({ branch, depth, selected, onOpen }: BranchProps) {
  const { node, via, children } = branch;
  const line = <Line node={node} via={via} depth={depth} />;
  const more = <More node={node} selected={node.id === selected} onOpen={onOpen} />;
  if (children.length === 0) {
    return (
      <div className="relative pl-6">
        {line}
        {more}
      </div>
    );
  }
  // The button stands beside the summary, not in it: a control inside of a control can't be reached by all.
  return (
    <div className="relative">
      <details open={depth > 0 || node.status !== 'ok'}>
        <summary className="flex list-none items-center pl-1">
          <ChevronRight
            size={16}
            aria-hidden="true"
            className="shrink-0 text-quiet transition-transform [details[open]>summary>&]:rotate-90"
          />
          {line}
        </summary>
        <ul className={`ml-3 border-l border-line pl-2 ${depth === 0 ? 'mb-2' : ''}`}>
          {children.map((child) => (
            <li key={child.node.id}>
              <BranchView branch={child} depth={depth + 1} selected={selected} onOpen={onOpen} />
            </li>
          ))}
        </ul>
      </details>
      {more}
    </div>
  );
}

interface LineProps {
  readonly node: TopologyNode;
  readonly via: string;
  readonly depth: number;
}

function Line({ node, via, depth }: LineProps) {
  const status = knownStatus(node.status);
  const text = cardText(node);
  const words = [status === 'ok' ? '' : STATUS_WORD[status], text.sub, via];
  return (
    <span
      className={`flex min-w-0 flex-1 items-start gap-2 py-2 pr-20 ${depth === 0 ? 'text-sm' : 'text-xs'}`}
    >
      <StatusMark status={status} size={depth === 0 ? 16 : 14} className="mt-0.5" />
      <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2">
        <Heading depth={depth}>
          {depth > 0 && <span className="font-normal text-quiet">{kindWord(node)} </span>}
          <bdi dir="ltr" className="name">
            {text.full}
          </bdi>
        </Heading>
        <span className={`name text-xs ${status === 'ok' ? 'text-quiet' : STATUS_TEXT[status]}`}>
          {words.filter((part) => part !== '').join(' · ')}
        </span>
      </span>
    </span>
  );
}

interface MoreProps {
  readonly node: TopologyNode;
  readonly selected: boolean;
  readonly onOpen: (id: string) => void;
}

function More({ node, selected, onOpen }: MoreProps) {
  const word = node.kind === 'group' ? 'Show' : 'Details';
  return (
    <button
      type="button"
      onClick={() => onOpen(node.id)}
      aria-label={`${word} of ${cardText(node).full}`}
      aria-pressed={selected}
      className={`absolute top-1.5 right-2 rounded-md px-2 py-1 text-xs font-medium ${selected ? 'bg-accent-soft text-accent' : 'text-accent hover:bg-hover'}`}
    >
      {word}
    </button>
  );
}

/** Hosts, rules and Services are headings, so that a screen reader can jump from one to the next. */
function Heading({ depth, children }: { readonly depth: number; readonly children: ReactNode }) {
  if (depth === 0) return <h3 className="font-semibold">{children}</h3>;
  if (depth === 1) return <h4 className="font-semibold">{children}</h4>;
  if (depth === 2) return <h5 className="font-semibold">{children}</h5>;
  return <span className="font-medium">{children}</span>;
}
