/** The grid of the picture: six columns by hop, and how large a card of each kind is. Constant, so that a delta never moves a column. */
import type { NodeKind, TopologyNode } from '@/lib/topology/model';

export type ColumnKey = 'dns' | 'loadbalancer' | 'controller' | 'rule' | 'service' | 'pods';

export interface Column {
  readonly key: ColumnKey;
  readonly title: string;
  readonly x: number;
  readonly width: number;
}

/** The gaps before Service and Pods are wide enough for a break mark with its reason. */
const WIDTHS: readonly (readonly [ColumnKey, string, number, number])[] = [
  ['dns', 'DNS', 236, 28],
  ['loadbalancer', 'Load balancer', 132, 28],
  ['controller', 'Controller', 164, 36],
  ['rule', 'Rule', 196, 72],
  ['service', 'Service', 150, 72],
  ['pods', 'Pods', 136, 0],
];

export const COLUMNS: readonly Column[] = place();

function place(): Column[] {
  let x = 0;
  return WIDTHS.map(([key, title, width, gap]) => {
    const column = { key, title, x, width };
    x += width + gap;
    return column;
  });
}

/** Width of the whole picture without margins. */
export const GRID_WIDTH = WIDTHS.reduce((sum, [, , width, gap]) => sum + width + gap, 0);

export const ROW_GAP = 12;
/** Extra room between the blocks of two hosts, so that the eye groups a host with its rules. */
export const BLOCK_GAP = 10;
/** How far what hangs under a rule (Secret, class) is indented. */
export const INDENT = 22;

const COLUMN_OF: Readonly<Record<Exclude<NodeKind, 'group'>, ColumnKey>> = {
  host: 'dns',
  loadbalancer: 'loadbalancer',
  address: 'loadbalancer',
  controller: 'controller',
  listener: 'controller',
  rule: 'rule',
  secret: 'rule',
  class: 'rule',
  service: 'service',
  external: 'pods',
  pod: 'pods',
  endpoint: 'pods',
};

/** Which column a node stands in; kinds of a newer server go to the Service column. */
export function columnOf(node: TopologyNode): ColumnKey {
  if (node.kind === 'group') return node.detail.folds === 'hosts' ? 'dns' : 'pods';
  return COLUMN_OF[node.kind] ?? 'service';
}

/** Height of a node's card. */
export function heightOf(node: TopologyNode): number {
  return node.kind === 'group' && node.detail.folds === 'hosts' ? 40 : 50;
}

export function columnNamed(key: ColumnKey): Column {
  const column = COLUMNS.find((candidate) => candidate.key === key);
  if (!column) throw new Error(`no column ${key}`);
  return column;
}
