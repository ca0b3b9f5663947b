/** "Expected until …": faults that somebody knows of. Pure; `components/data/mark-store` keeps them. */
import type { Finding } from '@/lib/topology/model';
import type { ExpectedProblem, Mark, Problem, Problems } from '@/lib/topology/problems';

/** Counts that grow while a fault stays the same. */
const RESTLESS = /restart|count|observed/i;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:/;

/** What a finding rests on, without times and counts: when it differs, the fault is another one. */
export function fingerprint({ code, severity, evidence }: Finding): string {
  const parts = evidence
    .filter(({ path, value }) => !RESTLESS.test(path) && !TIME.test(value))
    .map(({ path, value }) => `${path}=${value}`);
  // What an object says may hold signs that no mark may have.
  return JSON.stringify([code, severity, ...parts.sort()]).replace(/\p{Cc}/gu, ' ');
}

/** The mark that holds for a problem now (epoch ms); null when there is none, its time is over, or the fault is another. */
export function markOf(problem: Problem, marks: readonly Mark[], now: number): Mark | null {
  const mark = marks.find(({ id }) => id === problem.root.id);
  if (!mark || !(Date.parse(mark.until) > now)) return null;
  return isOf(mark, problem.root) ? mark : null;
}

/** Whether a mark is about a finding as it is; one without a fingerprint (set by other programs) always is. */
export function isOf(mark: Mark, finding: Finding): boolean {
  return mark.fingerprint === '' || mark.fingerprint === fingerprint(finding);
}

/** Problems without those that are expected; these apart. */
export function withMarks(problems: Problems, marks: readonly Mark[], now: number): Problems {
  if (marks.length === 0) return problems;
  const expected: ExpectedProblem[] = [];
  const left = (list: readonly Problem[]) =>
    list.filter((problem) => {
      const mark = markOf(problem, marks, now);
      if (mark) expected.push({ problem, mark });
      return mark === null;
    });
  return { ...problems, broken: left(problems.broken), unknown: left(problems.unknown), expected };
}

/** Marks without those that ended before `now`: nobody asks for them again. */
export function livingMarks(marks: readonly Mark[], now: number): readonly Mark[] {
  return marks.filter(({ until }) => Date.parse(until) > now);
}

const LONGEST_NOTE = 500;
const MOST_MARKS = 500;

/** Marks as they were stored; what is none is left out, since anybody may have written there. */
export function readMarks(text: string | null): readonly Mark[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? list.filter(isMark).slice(0, MOST_MARKS) : [];
  } catch {
    return [];
  }
}

function isMark(value: unknown): value is Mark {
  const mark = value as Partial<Record<keyof Mark, unknown>> | null;
  return (
    typeof mark === 'object' &&
    mark !== null &&
    typeof mark.id === 'string' &&
    typeof mark.until === 'string' &&
    typeof mark.fingerprint === 'string' &&
    typeof mark.note === 'string' &&
    mark.note.length <= LONGEST_NOTE
  );
}

/** The list with this mark in place of an older one for the same finding. */
export function marked(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  return [
    ...marks.filter(({ id }) => id !== mark.id),
    { ...mark, note: mark.note.slice(0, LONGEST_NOTE) },
  ].slice(-MOST_MARKS);
}
