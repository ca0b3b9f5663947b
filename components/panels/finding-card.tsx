'use client';

import { BookOpen, ChevronRight } from 'lucide-react';
import type { Marks } from '@/components/data/mark-store';
import { useMoment } from '@/components/moment/moment';
import { STATUS_CARD, STATUS_TEXT } from '@/components/ui/status';
import { StatusMark } from '@/components/ui/status-mark';
import type { Evidence, Finding } from '@/lib/topology/model';
import { causes } from '@/lib/topology/problems';
import { knownStatus, STATUS_WORD } from '@/lib/topology/status-words';
import { age, clock } from '@/lib/topology/text';
import { ExpectButton } from './expect-button';
import { fingerprint, isOf } from './marks';
import { findingStatus } from './severity';

interface Props {
  readonly finding: Finding;
  readonly all: ReadonlyMap<string, Finding>;
  readonly now: number;
  readonly marks: Marks;
}

/** A finding with what explains it and what it rests on. */
export function FindingCard({ finding, all, now, marks }: Props) {
  const status = knownStatus(findingStatus(finding));
  const chain = causes(finding, all);
  return (
    <article className={`rounded-xl border p-3 text-xs ${STATUS_CARD[status]}`}>
      <h3 className={`flex gap-2 text-sm font-semibold ${STATUS_TEXT[status]}`}>
        <StatusMark status={status} className="mt-0.5" />
        <span className="name min-w-0">
          <span className="sr-only">{STATUS_WORD[status]}: </span>
          {finding.title}
        </span>
      </h3>
      <p className="name mt-1">{finding.detail}</p>
      {chain.slice(1).map((cause) => (
        <p key={cause.id} className="mt-1 flex gap-1.5">
          <span aria-hidden="true">↳</span>
          <span className="name min-w-0">
            <span className="sr-only">because </span>
            {cause.detail === '' ? cause.title : cause.detail}
          </span>
        </p>
      ))}
      <p className="mt-1.5 text-soft">
        {finding.since === null
          ? age(null, now)
          : `since ${clock(finding.since, now)} · ${age(finding.since, now)}`}
        {!finding.settled && ' · not settled yet'}
      </p>
      <FindingBasis finding={finding} all={all} now={now} marks={marks} />
    </article>
  );
}

/** What a finding and its causes rest on, where to read more, and the way to say that it is known. */
export function FindingBasis({ finding, all, now, marks }: Props) {
  const chain = causes(finding, all);
  const evidence = chain.flatMap((item) => item.evidence);
  return (
    <>
      {evidence.length > 0 && <EvidenceList evidence={evidence} now={now} />}
      <Actions finding={finding} root={chain.at(-1) ?? finding} now={now} marks={marks} />
    </>
  );
}

/** Where to read more, and the way to say that this is known. */
function Actions({
  finding,
  root,
  now,
  marks,
}: {
  readonly finding: Finding;
  readonly root: Finding;
  readonly now: number;
  readonly marks: Marks;
}) {
  const live = useMoment().kind === 'live';
  const mark = marks.list.find(({ id }) => id === root.id);
  const holds = mark !== undefined && Date.parse(mark.until) > now && isOf(mark, root);
  return (
    <p className="mt-2 flex flex-wrap items-center gap-x-3.5 gap-y-1">
      <a
        href={`/checks/${encodeURIComponent(finding.code)}`}
        target="_blank"
        rel="noreferrer"
        className="flex items-center gap-1 rounded-md py-0.5 font-medium text-soft hover:text-text hover:underline"
      >
        <BookOpen size={14} aria-hidden="true" />
        About this check
      </a>
      {!live ? null : holds ? (
        <span className="text-soft">
          expected until {clock(mark.until, now)}{' '}
          <button type="button" onClick={() => marks.remove(root.id)} className="font-medium text-accent">
            Not expected
          </button>
        </span>
      ) : (
        <ExpectButton
          now={now}
          shared={marks.shared}
          onMark={(until, note) => marks.set({ id: root.id, until, note, fingerprint: fingerprint(root) })}
        />
      )}
      {live && marks.problem !== null && (
        <span role="alert" className="name basis-full text-broken">
          {marks.problem}
        </span>
      )}
    </p>
  );
}

function EvidenceList({ evidence, now }: { readonly evidence: readonly Evidence[]; readonly now: number }) {
  return (
    <details className="group mt-2">
      <summary className="flex list-none items-center gap-1 font-medium text-soft">
        <ChevronRight size={14} aria-hidden="true" className="transition-transform group-open:rotate-90" />
        Evidence ({evidence.length})
      </summary>
      <dl className="mt-1.5 flex flex-col gap-1.5">
        {[...new Map(evidence.map((item) => [JSON.stringify(item), item]))].map(([key, item]) => (
          <div key={key}>
            <dt className="name text-soft">
              {item.ref
                ? `${item.ref.kind} ${item.ref.namespace === '' ? '' : `${item.ref.namespace}/`}${item.ref.name} · `
                : ''}
              {item.path}
            </dt>
            <dd className="name font-mono">
              {item.value}
              {item.at !== null && <span className="font-sans text-soft"> at {clock(item.at, now)}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
