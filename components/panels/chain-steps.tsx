'use client';

import { kindWord } from '@/components/ui/kinds';
import { STATUS_CARD, STATUS_TEXT } from '@/components/ui/status';
import { StatusMark } from '@/components/ui/status-mark';
import { cardText } from '@/lib/layout/card-text';
import { knownStatus, STATUS_WORD } from '@/lib/topology/status-words';
import type { Step } from './steps';

/** A chain from top to bottom: how a phone shows it. */
export function ChainSteps({
  steps,
  onOpen,
}: {
  readonly steps: readonly Step[];
  readonly onOpen: (id: string) => void;
}) {
  return (
    <ol aria-label="The chain, hop by hop">
      {steps.map(({ node, into }, index) => {
        const status = knownStatus(node.status);
        const text = cardText(node);
        return (
          <li key={node.id}>
            {into !== null && <Link status={knownStatus(into.status)} label={into.label} />}
            {into === null && index > 0 && <div className="h-2" />}
            <button
              type="button"
              onClick={() => onOpen(node.id)}
              className={`flex w-full items-center gap-3 rounded-xl border px-4 py-2.5 text-left ${STATUS_CARD[status]}`}
            >
              <StatusMark status={status} size={18} />
              <span className="min-w-0 flex-1">
                <span className="name block text-[15px] font-semibold">{text.title}</span>
                <span className="name block text-xs text-soft">
                  {kindWord(node)}
                  {text.sub === '' ? '' : ` · ${text.sub}`}
                </span>
                <span className="sr-only">{STATUS_WORD[status]}</span>
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

function Link({ status, label }: { readonly status: keyof typeof STATUS_WORD; readonly label: string }) {
  const dash = status === 'broken' ? '4 4' : status === 'unknown' ? '1.5 4.5' : undefined;
  const loud = status === 'broken' || status === 'unknown';
  return (
    <p
      className={`flex h-6 items-center gap-2 pl-[18px] text-xs ${loud ? STATUS_TEXT[status] : 'text-line-strong'}`}
    >
      <svg aria-hidden="true" width="14" height="24" className="shrink-0">
        <path
          d="M7 0V24"
          stroke="currentColor"
          strokeWidth="2"
          strokeDasharray={dash}
          strokeLinecap="round"
        />
      </svg>
      {loud && (
        <span className="name truncate font-medium">{label === '' ? STATUS_WORD[status] : label}</span>
      )}
    </p>
  );
}
