/** Where the rail lists a finding that no node stands for. Pure. */
import type { Finding } from '@/lib/topology/model';
import { causes, everyProblem, type Problems } from '@/lib/topology/problems';

export interface RailEntry {
  readonly list: 'problems' | 'risks';
  /** Of the problem, or of the finding among the risks. */
  readonly id: string;
}

/** A finding's own entry, else that of what explains it; null while the rail lists neither. */
export function entryOf(
  finding: Finding,
  problems: Problems,
  findings: ReadonlyMap<string, Finding>,
): RailEntry | null {
  const risks = new Set(problems.risks.map(({ id }) => id));
  for (const { id } of causes(finding, findings)) {
    if (risks.has(id)) return { list: 'risks', id };
    const problem = everyProblem(problems).find(
      ({ root, members }) => root.id === id || members.some((member) => member.id === id),
    );
    if (problem) return { list: 'problems', id: problem.id };
  }
  return null;
}
