'use client';

import { withCluster } from '@/components/clusters/addresses';
import { useClusterId } from '@/components/clusters/cluster-context';
import { StatusMark } from '@/components/ui/status-mark';
import { useNow } from '@/components/ui/use-now';
import type { Status } from '@/lib/topology/model';
import { age } from '@/lib/topology/text';
import type { Checklist as Answers, Question } from '@/lib/wire/api';
import { useRemote } from './use-remote';

interface Props {
  readonly host: string;
  readonly path: string;
  /** Asks again when the topology has changed. */
  readonly version: number;
}

const VERDICT: Readonly<Record<Question['verdict'], { readonly status: Status; readonly word: string }>> = {
  pass: { status: 'ok', word: 'yes' },
  fail: { status: 'broken', word: 'no' },
  unknown: { status: 'unknown', word: 'not known' },
};

/** The eleven questions that one runs down by hand: what has been ruled out. */
export function Checklist({ host, path, version }: Props) {
  const url = withCluster(`/api/v1/checklist?${new URLSearchParams({ host, path })}`, useClusterId());
  const remote = useRemote(url, readAnswers, version);
  const now = useNow(10_000);
  const answers = remote.state === 'done' ? remote.value : null;
  return (
    <section aria-label="Checklist">
      <h3 className="eyebrow mb-1.5">
        Checklist{' '}
        <span className="name font-normal">
          {host === '' ? 'any host' : host}
          {path}
        </span>
      </h3>
      {remote.state === 'failed' && (
        <p className="text-xs text-soft">The checklist could not be read. {remote.problem}</p>
      )}
      {remote.state === 'loading' && (
        <p className="text-xs text-quiet">Going through the eleven questions …</p>
      )}
      {answers && (
        <ol className="flex flex-col">
          {answers.questions.map((question) => (
            <Line key={question.id} question={question} now={now} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Line({ question, now }: { readonly question: Question; readonly now: number }) {
  const { word } = VERDICT[question.verdict];
  const loud = question.verdict !== 'pass';
  return (
    <li className="flex gap-2 border-b border-line py-1.5 text-xs last:border-0">
      <Verdict verdict={question.verdict} />
      <span className="min-w-0 flex-1">
        <span className={`block ${loud ? 'font-medium' : ''}`}>
          <span className="sr-only">{word}: </span>
          {question.question}
        </span>
        {question.detail !== '' && <span className="name block text-quiet">{question.detail}</span>}
      </span>
      <span className="shrink-0 text-quiet tabular-nums">
        {question.checkedAt === null ? 'not looked' : age(question.checkedAt, now)}
      </span>
    </li>
  );
}

function Verdict({ verdict }: { readonly verdict: Question['verdict'] }) {
  if (verdict !== 'pass') return <StatusMark status={VERDICT[verdict].status} className="mt-px" />;
  return (
    <svg aria-hidden="true" width="16" height="16" viewBox="0 0 16 16" className="mt-px shrink-0 text-ok">
      <path
        d="M3.5 8.5l3 3 6-7"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** The server is ours and held to its schema by tests; here only the shape that is drawn is checked. */
function readAnswers(body: unknown): Answers | null {
  if (typeof body !== 'object' || body === null || !('questions' in body) || !Array.isArray(body.questions))
    return null;
  return body as Answers;
}
