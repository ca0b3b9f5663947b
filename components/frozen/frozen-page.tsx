import { StatusMark } from '@/components/ui/status-mark';
import type { Finding } from '@/lib/topology/model';
import { everyProblem, problemsOf } from '@/lib/topology/problems';
import type { Snapshot } from '@/lib/wire/snapshot';

interface Props {
  readonly snapshot: Snapshot;
  /** A file is shown: there is no live dashboard beside it. */
  readonly isFile: boolean;
}

const timeOf = (at: string) => `${at.slice(0, 19).replace('T', ' ')} UTC`;

/** A kept moment in words: verdict, time, note, problems. */
export function FrozenPage({ snapshot, isFile }: Props) {
  const { verdict, topology, note, takenAt, expiresAt, caveat } = snapshot;
  const findings = new Map(topology.findings.map((finding): [string, Finding] => [finding.id, finding]));
  const problems = everyProblem(problemsOf(findings));
  return (
    <main className="mx-auto flex max-w-3xl flex-col gap-4 p-4">
      <p className="rounded-xl border border-line bg-card px-3 py-2 text-sm text-soft">
        Frozen at {timeOf(takenAt)} · {topology.cluster.name} · expires {timeOf(expiresAt)}
      </p>
      <h1 className="name flex gap-2 text-xl font-semibold">
        <StatusMark status={verdict.status} className="mt-1" />
        {verdict.title}
      </h1>
      <p className="name text-soft">{verdict.sentence}</p>
      {caveat !== '' && <p className="text-sm text-warning">{caveat}</p>}
      {note !== '' && <p className="name whitespace-pre-wrap rounded-xl bg-card px-3 py-2">{note}</p>}
      <ul className="flex flex-col gap-2">
        {problems.map((problem) => (
          <li key={problem.id} className="rounded-xl border border-line px-3 py-2 text-sm">
            <span className="name block font-semibold">{problem.symptom.title}</span>
            <span className="name block text-soft">{problem.symptom.detail}</span>
          </li>
        ))}
      </ul>
      {!isFile && (
        <p>
          <a
            className="font-medium text-accent underline underline-offset-2"
            href={snapshot.view === '' ? '/' : `/?${snapshot.view}`}
          >
            Live now
          </a>
        </p>
      )}
    </main>
  );
}
