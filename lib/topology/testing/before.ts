/** What a delta changes and removes as it was, taken from all that there was: the definition of `Before`. */
import type { Before, Patch, TopologyDelta } from '../model';

export function beforeOf(all: Before, { nodes, edges, findings }: TopologyDelta): Before {
  return {
    nodes: changed(all.nodes, nodes),
    edges: changed(all.edges, edges),
    findings: changed(all.findings, findings),
  };
}

function changed<T extends { readonly id: string }>(
  all: ReadonlyMap<string, T>,
  { upsert, remove }: Patch<T>,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const id of [...upsert.map((item) => item.id), ...remove]) {
    const item = all.get(id);
    if (item) found.set(id, item);
  }
  return found;
}
