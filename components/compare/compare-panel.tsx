'use client';

import { ChevronRight, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { utcTime } from '@/components/moment/times';
import { kindWord } from '@/components/ui/kinds';
import { cardText } from '@/lib/layout/card-text';
import { count } from '@/lib/topology/text';
import type { WireDiff, WireDiffEnd } from '@/lib/wire/diff';
import { ChangeItem, ChangeSign } from './change-item';
import { CHANGE_WORD } from './changes';
import type { Comparison } from './use-compare';

interface Props {
  readonly comparison: Comparison;
  /** Whose chains are compared, in words; null: all of the view. */
  readonly about: string | null;
  readonly isDrawn: (id: string) => boolean;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

/** What changed between here and there: field by field, and who did it. */
export function ComparePanel({ comparison, about, isDrawn, onOpen, onClose }: Props) {
  const { remote } = comparison;
  const diff = remote.state === 'done' ? remote.value : null;
  return (
    <section aria-label="What changed" className="flex flex-col gap-4 p-4 text-xs">
      <header className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <h2 className="text-lg leading-6 font-semibold">What changed</h2>
          {diff && (
            <p className="text-soft">
              from {endWords(diff.from)} to {endWords(diff.to)}
            </p>
          )}
          <p className="name text-quiet">
            {about === null ? 'in all of this view' : `in the chains of ${about}`}
          </p>
        </div>
        <button
          type="button"
          onClick={onClose}
          aria-label="Close the comparison"
          className="grid size-8 place-items-center rounded-md text-soft hover:bg-hover hover:text-text"
        >
          <X size={16} aria-hidden="true" />
        </button>
      </header>
      {remote.state === 'loading' && <p className="text-quiet">Comparing …</p>}
      {remote.state === 'failed' && (
        <p role="alert" className="name text-warning">
          It could not be compared. {remote.problem}
        </p>
      )}
      {diff && <Legend />}
      {diff && <Caveats diff={diff} />}
      {diff && <Lists diff={diff} isDrawn={isDrawn} onOpen={onOpen} />}
    </section>
  );
}

/** The signs of the list and of the picture's cards. */
function Legend() {
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-1 text-soft">
      {(['added', 'removed', 'changed'] as const).map((change) => (
        <span key={change} className="flex items-center gap-1.5">
          <ChangeSign change={change} />
          {CHANGE_WORD[change]}
        </span>
      ))}
    </p>
  );
}

function endWords({ kind, takenAt, at }: WireDiffEnd): string {
  if (kind === 'now') return 'now';
  return kind === 'snapshot' ? `the snapshot of ${utcTime(takenAt)}` : utcTime(at ?? takenAt);
}

function Caveats({ diff }: { readonly diff: WireDiff }) {
  const notes = [diff.from.note, diff.to.note].filter((note) => note !== '');
  if (diff.folded > 0)
    notes.push(
      `${count(diff.folded, 'thing')} may be folded away on one side: nothing is said of ${diff.folded === 1 ? 'it' : 'them'}.`,
    );
  if (diff.cut) notes.push('More has changed than is listed: choose a chain to see all of its changes.');
  return notes.map((note) => (
    <p key={note} className="name text-warning">
      {note}
    </p>
  ));
}

function Lists({ diff, isDrawn, onOpen }: Pick<Props, 'isDrawn' | 'onOpen'> & { readonly diff: WireDiff }) {
  const { findings, nodes, edges } = diff;
  if (findings.length + nodes.length + edges.length === 0)
    return (
      <p className="rounded-xl border border-line bg-card px-3 py-2.5 text-soft">
        Nothing that counts has changed: no part, no setting, no fault.
      </p>
    );
  return (
    <>
      <Part title="Faults" n={findings.length} open>
        {findings.map(({ id, change, fields, finding }) => (
          <ChangeItem
            key={`${change} ${id}`}
            change={change}
            word={{ added: 'opened', removed: 'mended', changed: 'changed' }[change]}
            title={finding.title}
            fields={change === 'changed' ? fields : []}
            who={null}
            onOpen={null}
          />
        ))}
      </Part>
      <Part title="Things" n={nodes.length} open>
        {nodes.map(({ id, change, fields, node, who }) => (
          <ChangeItem
            key={`${change} ${id}`}
            change={change}
            word={`${kindWord(node)} ${change}`}
            title={cardText(node).full}
            fields={change === 'changed' ? fields : []}
            who={who}
            onOpen={isDrawn(id) ? () => onOpen(id) : null}
          />
        ))}
      </Part>
      <Part title="Links" n={edges.length} open={false}>
        {edges.map(({ id, change, fields, edge }) => (
          <ChangeItem
            key={`${change} ${id}`}
            change={change}
            word={`link ${change}`}
            title={`${edge.source} → ${edge.target}`}
            fields={change === 'changed' ? fields : []}
            who={null}
            onOpen={null}
          />
        ))}
      </Part>
    </>
  );
}

interface PartProps {
  readonly title: string;
  readonly n: number;
  readonly open: boolean;
  readonly children: ReactNode;
}

function Part({ title, n, open, children }: PartProps) {
  if (n === 0) return null;
  return (
    <details open={open} className="group">
      <summary className="eyebrow flex list-none items-center gap-1 pb-1.5">
        <ChevronRight size={14} aria-hidden="true" className="transition-transform group-open:rotate-90" />
        {title} ({n})
      </summary>
      <ul className="flex flex-col gap-1.5">{children}</ul>
    </details>
  );
}
