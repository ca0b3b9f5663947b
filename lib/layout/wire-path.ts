/** The ways that lines take between cards, and where on them a mark stands. Pure. */

/** The side of the source's card at which a line leaves: right, bottom (what hangs under a rule) or top (folded hosts). */
export type Leaves = 'out' | 'hang' | 'rise';

export interface Ends {
  readonly sourceX: number;
  readonly sourceY: number;
  readonly targetX: number;
  readonly targetY: number;
}

export interface Drawn {
  readonly path: string;
  /** Where the mark stands. */
  readonly x: number;
  readonly y: number;
}

/** The end at which a fault belongs: many lines share the other one. */
export type MarkAt = 'source' | 'target' | 'none';

const FAR = 400;
const NARROW = 60;
const LEVEL = 2;

/** How large a mark the gap between two columns can take. */
export function markRadius(gap: number): number {
  return Math.max(5, Math.min(9, gap / 2 - 3));
}

export function isTrunk({ sourceX, sourceY, targetX, targetY }: Ends): boolean {
  return targetX - sourceX < NARROW && Math.abs(targetY - sourceY) > FAR;
}

/** Hosts and rules share what they lead to; a controller's rules and a Service's pods share where they come from. */
export function markAt(kind: string): MarkAt {
  if (kind === 'resolves' || kind === 'routes') return 'source';
  return kind === 'serves' || kind === 'backs' || kind === 'exposes' ? 'target' : 'none';
}

/** A curve; with a mark it runs level past the mark, so that the mark stands beside its own card. */
export function curve(ends: Ends, mark: MarkAt): Drawn {
  const { sourceX, sourceY, targetX, targetY } = ends;
  const middle = (sourceX + targetX) / 2;
  if (mark === 'none' || Math.abs(targetY - sourceY) <= LEVEL)
    return { path: bend(ends), x: middle, y: (sourceY + targetY) / 2 };
  const gap = targetX - sourceX;
  const r = markRadius(gap);
  const level = Math.min(2 * r + 6, gap * 0.75);
  if (mark === 'source') {
    const path = `M${sourceX},${sourceY}H${sourceX + level}${bend({ ...ends, sourceX: sourceX + level }, true)}`;
    return { path, x: sourceX + level / 2, y: sourceY };
  }
  const path = `${bend({ ...ends, targetX: targetX - level })}H${targetX}`;
  return { path, x: targetX - level / 2, y: targetY };
}

/** From or to a door that a hundred hosts share, far ends join one upright trunk instead of a thick bundle of curves. */
function bend(ends: Ends, onwards = false): string {
  if (isTrunk(ends)) return trunk(ends, onwards);
  const { sourceX, sourceY, targetX, targetY } = ends;
  const reach = reachOf(targetX - sourceX);
  const start = onwards ? '' : `M${sourceX},${sourceY} `;
  return `${start}C${sourceX + reach},${sourceY} ${targetX - reach},${targetY} ${targetX},${targetY}`;
}

/** How far a curve runs level: as React Flow's own curves do, from the right of a card to the left of the next. */
function reachOf(distance: number): number {
  return distance >= 0 ? distance / 2 : 0.25 * 25 * Math.sqrt(-distance);
}

function trunk({ sourceX, sourceY, targetX, targetY }: Ends, onwards: boolean): string {
  const middle = (sourceX + targetX) / 2;
  const r = Math.min(8, (targetX - sourceX) / 2);
  const down = targetY > sourceY ? 1 : -1;
  const start = onwards ? '' : `M${sourceX},${sourceY}`;
  return `${start}H${middle - r}Q${middle},${sourceY} ${middle},${sourceY + r * down}V${targetY - r * down}Q${middle},${targetY} ${middle + r},${targetY}H${targetX}`;
}

/** The way of a line that leaves a card at `leaves`; `mark` counts only for lines from card to card. */
export function wayOf(ends: Ends, leaves: Leaves, mark: MarkAt): Drawn {
  if (leaves === 'hang') return elbow(ends);
  return leaves === 'rise' ? rise(ends) : curve(ends, mark);
}

/** Up from folded hosts, which lie under the door, and across into it. */
export function rise({ sourceX, sourceY, targetX, targetY }: Ends): Drawn {
  const r = Math.max(0, Math.min(8, targetX - sourceX));
  const path = `M${sourceX},${sourceY}V${targetY + r}Q${sourceX},${targetY} ${sourceX + r},${targetY}H${targetX}`;
  return { path, x: sourceX, y: sourceY - 16 };
}

/** Down from a rule and across to what hangs under it. */
export function elbow({ sourceX, sourceY, targetX, targetY }: Ends): Drawn {
  const r = 6;
  const path = `M${sourceX},${sourceY}V${targetY - r}Q${sourceX},${targetY} ${sourceX + r},${targetY}H${targetX}`;
  return { path, x: sourceX, y: (sourceY + targetY) / 2 };
}

const ANSWER = /^\d{3}$/;

/** Whether a line's label says what comes back: the break itself is further on. */
export function isAnswer(label: string): boolean {
  return ANSWER.test(label);
}

/** What a line says of its fault: a port (`→ 8080`) is no reason. */
export function reasonOn(label: string): string {
  if (label.startsWith('→')) return '';
  return isAnswer(label) ? `→ ${label}` : label;
}
