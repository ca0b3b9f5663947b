/** Problems of a part of the topology. Pure. */
import type { Affected, TopologyNode } from '@/lib/topology/model';
import type { Problems } from '@/lib/topology/problems';

/** Only what harms something that is part of it, or harms nothing by name: the rest could not be shown. */
export function problemsHere(problems: Problems, nodes: ReadonlyMap<string, TopologyNode>): Problems {
  const here = ({ affects }: { readonly affects: readonly Affected[] }) =>
    affects.length === 0 || affects.some(({ rule }) => nodes.has(rule));
  return {
    ...problems,
    broken: problems.broken.filter(here),
    unknown: problems.unknown.filter(here),
    risks: problems.risks.filter(here),
  };
}
