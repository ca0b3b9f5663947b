/** Which problem the view is about. Pure. */

import type { TopologyNode } from '@/lib/topology/model';
import { focusOf, nodeOf, type Problem } from '@/lib/topology/problems';
import { selectionOf } from './use-actions';

export interface Place {
  readonly focus: string | null;
  readonly select: string | null;
}

/**
 * The problem that was picked, else one that harms what is in focus (or selected, without a focus) or stands there; null
 * without either, or without a fault.
 */
export function currentProblem(
  problems: readonly Problem[],
  { focus: focused, select }: Place,
  nodes: ReadonlyMap<string, TopologyNode>,
): Problem | null {
  const focus = focused ?? select;
  if (focus === null) return null;
  const here = problems.filter((problem) => focusOf(problem, nodes) === focus);
  const picked = here.find((problem) => selectionOf(problem, nodes) === select) ?? here[0];
  if (picked) return picked;
  const harming = problems.find((problem) =>
    problem.affects.some((item) => item.rule === focus || item.host === focus),
  );
  return (
    harming ??
    problems.find((problem) => problem.members.some((finding) => nodeOf(finding, nodes) === focus)) ??
    null
  );
}
