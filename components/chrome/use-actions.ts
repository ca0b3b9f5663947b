'use client';

import { useMemo } from 'react';
import { isNarrowed } from '@/components/panels/problem-groups';
import type { Finding, TopologyNode } from '@/lib/topology/model';
import { focusOf, isGeneral, nodeOf, type Problem } from '@/lib/topology/problems';
import type { TopologyState } from '@/lib/wire/reduce';
import { NO_FILTERS, type SetViewState, type ViewState } from './view-state';

export interface Actions {
  /** A card was opened: a group unfolds, anything else goes into the inspector. */
  readonly open: (id: string) => void;
  readonly close: () => void;
  readonly focus: (id: string) => void;
  readonly showAll: () => void;
  readonly clearFilters: () => void;
  readonly fold: () => void;
  readonly pickProblem: (problem: Problem) => void;
  readonly pickFinding: (finding: Finding) => void;
  readonly pickNode: (node: TopologyNode, drawn: boolean) => void;
}

/** What one can do to the view. `reveal` opens a finding's entry in the list of problems and risks. */
export function useActions(
  view: ViewState,
  setView: SetViewState,
  topology: TopologyState | null,
  reveal: (finding: Finding) => void,
): Actions {
  return useMemo(() => {
    const nodes = topology?.nodes ?? new Map<string, TopologyNode>();
    return {
      open: (id) => {
        if (id.startsWith('group:')) void setView({ expand: [...view.expand, id] });
        else void setView({ select: id });
      },
      close: () => void setView({ select: null }),
      focus: (id) => void setView({ focus: id }),
      showAll: () => void setView({ focus: null, scope: null }),
      clearFilters: () => void setView(NO_FILTERS),
      fold: () => void setView({ expand: null }),
      pickProblem: (problem) => {
        if (isGeneral(problem, nodes)) return reveal(problem.symptom);
        const focus = focusOf(problem, nodes);
        const same = focus !== null && view.focus === focus && view.select === selectionOf(problem, nodes);
        if (same) void setView({ focus: null, select: null });
        else void setView({ focus, select: selectionOf(problem, nodes) });
      },
      pickFinding: (finding) => {
        const at = nodeOf(finding, nodes) ?? finding.affects[0]?.rule ?? null;
        if (at !== null) return void setView({ focus: at, select: at });
        // What the list leaves out, or the phone's picture stands in front of, could not be shown.
        if (isNarrowed(view)) void setView({ severity: null, impact: null });
        if (view.show === 'graph') void setView({ show: null });
        reveal(finding);
      },
      pickNode: (node, drawn) => {
        const internal = node.detail.internal === true;
        if (drawn && !internal) void setView({ select: node.id, focus: null, scope: null });
        // What the filters hide can only be shown without them; what no entry reaches, only in the widest scope.
        else
          void setView({
            ...NO_FILTERS,
            select: node.id,
            focus: node.id,
            scope: internal ? 'all' : null,
          });
      },
    };
  }, [view, setView, topology, reveal]);
}

/** The node that the inspector shows for a problem: where it breaks. */
export function selectionOf(problem: Problem, nodes: ReadonlyMap<string, TopologyNode>): string | null {
  const at = nodeOf(problem.symptom, nodes) ?? nodeOf(problem.root, nodes);
  return (
    at ?? problem.affects.map((item) => item.rule).find((id) => nodes.has(id)) ?? focusOf(problem, nodes)
  );
}
