/** Where on the cards of a layout lines begin and end, and which lines are left out. Pure. */
import type { TopologyEdge } from '@/lib/topology/model';
import type { Box, Layout } from './layout';
import type { Ends, Leaves } from './wire-path';

/** Where lines leave downwards to what hangs under a rule. */
export const HANG_X = 11;

export interface Wiring {
  readonly source: string;
  readonly target: string;
  readonly leaves: Leaves;
}

/** Between which cards a line is drawn: what hangs under a rule is drawn from the rule, whichever of the two refers to the other. */
export function wiringOf({ source, target }: TopologyEdge, layout: Layout): Wiring {
  const from = layout.boxes.get(source);
  const to = layout.boxes.get(target);
  const hangs = from?.column === 'rule' && to?.column === 'rule';
  const upwards = hangs && from.y > to.y;
  return {
    source: upwards ? target : source,
    target: upwards ? source : target,
    leaves: hangs ? 'hang' : rises(from, to) ? 'rise' : 'out',
  };
}

/** The ends of a line; null where a card is missing. `riseX` as of `riseXOf`, `hangX` from the left of the rule's card. */
export function endsOf(wiring: Wiring, layout: Layout, riseX: number, hangX = HANG_X): Ends | null {
  const from = layout.boxes.get(wiring.source);
  const to = layout.boxes.get(wiring.target);
  if (!from || !to) return null;
  const target = { targetX: to.x, targetY: to.y + to.height / 2 };
  if (wiring.leaves === 'hang') return { sourceX: from.x + hangX, sourceY: from.y + from.height, ...target };
  if (wiring.leaves === 'rise') return { sourceX: from.x + riseX, sourceY: from.y, ...target };
  return { sourceX: from.x + from.width, sourceY: from.y + from.height / 2, ...target };
}

/** Where on its top edge the line of folded hosts leaves, from its left: in the middle of the gap before the doors. */
export function riseXOf(layout: Layout): number {
  let left = Number.POSITIVE_INFINITY;
  let door = Number.POSITIVE_INFINITY;
  for (const box of layout.boxes.values()) {
    if (box.column === 'dns') left = Math.min(left, box.x);
    if (box.column === 'loadbalancer') door = Math.min(door, box.x);
  }
  return Number.isFinite(door) && Number.isFinite(left) ? door - left - 9 : 0;
}

/** Ids of the lines that are not drawn: they would run through the cards between. */
export function leftOut(edges: readonly TopologyEdge[], layout: Layout): ReadonlySet<string> {
  return new Set([...farHangs(edges, layout), ...lowerRises(edges, layout)]);
}

/** Folded hosts lie across the column of what they lead to. */
function rises(source: Box | undefined, target: Box | undefined): boolean {
  return source?.column === 'dns' && target !== undefined && source.x + source.width > target.x;
}

/** Lines of all folded hosts but the topmost. */
function lowerRises(edges: readonly TopologyEdge[], layout: Layout): readonly string[] {
  const rising = edges.filter((edge) => rises(layout.boxes.get(edge.source), layout.boxes.get(edge.target)));
  const top = Math.min(...rising.map((edge) => layout.boxes.get(edge.source)?.y ?? 0));
  return rising.filter((edge) => layout.boxes.get(edge.source)?.y !== top).map((edge) => edge.id);
}

/** Lines to a Secret or class from rules other than the one that it hangs under. */
function farHangs(edges: readonly TopologyEdge[], layout: Layout): ReadonlySet<string> {
  const nearest = new Map<string, { readonly edge: string; readonly y: number }>();
  const far = new Set<string>();
  for (const edge of edges) {
    const source = layout.boxes.get(edge.source);
    const target = layout.boxes.get(edge.target);
    if (source?.column !== 'rule' || target?.column !== 'rule') continue;
    const [rule, hung] = source.x <= target.x ? [source, target] : [target, source];
    const known = nearest.get(hung.id);
    const y = rule.y < hung.y ? rule.y : Number.NEGATIVE_INFINITY;
    if (known && known.y >= y) far.add(edge.id);
    else {
      if (known) far.add(known.edge);
      nearest.set(hung.id, { edge: edge.id, y });
    }
  }
  return far;
}
