'use client';

import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useClusters } from '@/components/clusters/cluster-store';
import { StatusMark } from '@/components/ui/status-mark';
import { useFocusBack } from '@/components/ui/use-focus-back';
import { STATUS_WORD, STATUSES } from '@/lib/topology/status-words';

const KEYS: readonly (readonly [string, string])[] = [
  ['/  or  Ctrl K', 'Search everything'],
  ['← ↑ → ↓', 'Move from card to card'],
  ['Enter', 'Open a card; unfold pods'],
  ['f', 'Show only the chains of what is selected'],
  ['Esc', 'Close, then show all again'],
  ['l', 'Picture or list'],
  ['s', 'Share: freeze this moment into a link'],
  ['← →  PgUp PgDn', 'On the timeline: through time, from change to change; Esc leads back to now'],
  ['?', 'This help'],
];

const SWITCH = ['c', 'Switch to another cluster'] as const;

const LINES: readonly (readonly [string, string])[] = [
  ['var(--wire)', 'Grey: no fault found'],
  ['var(--broken)', 'Red, dashed, with a cross: broken here'],
  ['var(--unknown)', 'Violet, dotted, with “?”: may not or could not be judged'],
];

const DASH = ['', '5 4', '1.5 4.5'];

export function HelpDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  useFocusBack();
  const several = useClusters((state) => state.list.length > 1);
  const keys = several ? [...KEYS.slice(0, -1), SWITCH, ...KEYS.slice(-1)] : KEYS;
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Popup className="fixed top-1/2 left-1/2 z-50 max-h-[85vh] w-[min(34rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-auto rounded-2xl border border-line bg-panel p-6 shadow-float">
          <div className="flex items-start justify-between">
            <Dialog.Title className="text-lg font-semibold">Keys and signs</Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="grid size-8 place-items-center rounded-md text-soft hover:bg-hover"
            >
              <X size={17} aria-hidden="true" />
            </Dialog.Close>
          </div>
          <dl className="mt-3">
            {keys.map(([key, what]) => (
              <div key={key} className="flex gap-4 border-b border-line py-1.5 text-xs last:border-0">
                <dt className="w-32 shrink-0 font-mono">{key}</dt>
                <dd className="text-soft">{what}</dd>
              </div>
            ))}
          </dl>
          <h3 className="eyebrow mt-5 mb-2">Signs</h3>
          <ul className="grid grid-cols-2 gap-2 text-xs">
            {STATUSES.map((status) => (
              <li key={status} className="flex items-center gap-2">
                <StatusMark status={status} /> {STATUS_WORD[status]}
              </li>
            ))}
          </ul>
          <ul className="mt-3 flex flex-col gap-2 text-xs">
            {LINES.map(([colour, what], index) => (
              <li key={what} className="flex items-center gap-3">
                <svg aria-hidden="true" width="48" height="8" className="shrink-0">
                  <path
                    d="M1 4H47"
                    stroke={colour}
                    strokeWidth="2"
                    strokeDasharray={DASH[index]}
                    strokeLinecap="round"
                  />
                </svg>
                {what}
              </li>
            ))}
            <li className="text-soft">A dashed card is something that is referred to but was not found.</li>
          </ul>
          <p className="mt-5 flex gap-4 text-xs font-medium">
            <a href="/learn" target="_blank" rel="noreferrer" className="text-accent hover:underline">
              How Ingress works
            </a>
            <a href="/checks" target="_blank" rel="noreferrer" className="text-accent hover:underline">
              What is checked
            </a>
          </p>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
