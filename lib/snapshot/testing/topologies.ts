import { buildFixture, type Fixture } from '@/lib/diagnosis/testing/fixture';
import type { Graph } from '@/lib/topology/graph';
import type { Topology } from '@/lib/topology/model';

/** A graph as a topology of a cluster called `name`. */
export function topologyOf(graph: Graph, name = 'prod-eu'): Topology {
  const counts = { ok: 0, warning: 0, degraded: 0, broken: 0 };
  return {
    epoch: 'e1',
    version: 1,
    takenAt: '2026-01-01T12:00:00.000Z',
    cluster: { id: name, name, connection: 'live', since: '2026-01-01T11:00:00.000Z' },
    coverage: [],
    nodes: [...graph.nodes.values()],
    edges: [...graph.edges.values()],
    findings: [...graph.findings.values()],
    summary: {
      hosts: { ...counts, unknown: 0, pending: 0 },
      findings: { broken: 0, degraded: 0, warning: 0, info: 0 },
      outOfScope: { services: 0, pods: 0 },
    },
  };
}

/** The topology that comes of a scenario. */
export function topologyOfFixture({ objects, expect }: Fixture): Topology {
  return topologyOf(buildFixture(objects, expect).graph);
}
