/** What can be filtered by, from what is there. Pure. */
import { listOf, textOf } from '@/lib/topology/detail-reads';
import type { TopologyState } from '@/lib/wire/reduce';
import type { ListFilter } from './view-state';

export type FilterOptions = Readonly<
  Record<Exclude<ListFilter, 'host' | 'service' | 'status'>, readonly string[]>
>;

export function filterOptions(topology: TopologyState): FilterOptions {
  const namespace = new Set<string>();
  const classes = new Set<string>();
  const controller = new Set<string>();
  for (const node of topology.nodes.values()) {
    if (node.kind === 'rule' || node.kind === 'service') namespace.add(node.namespace);
    if (node.kind === 'rule') classes.add(textOf(node.detail, 'class'));
    if (node.kind !== 'controller') continue;
    controller.add(textOf(node.detail, 'type'));
    for (const name of listOf(node.detail, 'classes')) classes.add(name);
  }
  const sorted = (set: Set<string>) => [...set].filter((value) => value !== '').sort();
  return { namespace: sorted(namespace), class: sorted(classes), controller: sorted(controller) };
}
