import type { Check, ServiceUnit } from '@/lib/diagnosis/check';
import { ailingNodes, nodeFinding, nodesAil } from '@/lib/diagnosis/node-finding';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { endpointsOf, harmed } from './service-unit';

/**
 * `node-not-ready` for the nodes of a Service's endpoints. Services that stand on one node say so in one finding: drafts of
 * one id are merged, and those whom they harm joined.
 */
export const serviceNodes: Check<ServiceUnit> = {
  name: 'node-not-ready',
  run: (read, unit) => {
    if (!nodesAil(read)) return [];
    const alive = endpointsOf(read, unit.key).filter((endpoint) => !endpoint.terminating);
    const names = alive.map((endpoint) => endpoint.node);
    return ailingNodes(read, names).map((node) => {
      const found = nodeFinding(node, [serviceRef(unit.service)]);
      if (node.ready) return { draft: found };
      return { draft: { ...found, affects: harmed(unit) }, status: 'degraded' as const };
    });
  },
};
