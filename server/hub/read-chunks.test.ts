import { expect, test } from 'vitest';
import type { TopologyNode } from '@/lib/topology/model';
import { drain } from '@/lib/topology/slices';
import { RandomCluster } from '@/lib/topology/testing/random-cluster';
import { type Frozen, topologyChunks } from './chunks';
import { readTopology } from './read-chunks';

const encoder = new TextEncoder();

function frozen(seed: number, steps: number, odd: string): Frozen {
  const { graph } = new RandomCluster(seed);
  const cluster = new RandomCluster(seed);
  cluster.step(steps);
  const node = (i: number): TopologyNode => ({
    id: `host:${i}${odd}`,
    kind: 'host',
    name: odd,
    namespace: '',
    status: 'ok',
    findings: [odd],
    detail: { odd: [odd, [], {}], empty: [] },
  });
  const nodes = [...cluster.graph.nodes.values(), ...Array.from({ length: steps * 20 }, (_, i) => node(i))];
  return {
    epoch: odd,
    version: steps,
    takenAt: '2026-01-01T12:00:00.000Z',
    cluster: { id: 'c', name: odd, connection: 'live', since: '' },
    coverage: [],
    summary: {
      hosts: { ok: 0, warning: 0, degraded: 0, broken: 0, unknown: 0, pending: 0 },
      findings: { broken: 0, degraded: 0, warning: 0, info: 0 },
      outOfScope: { services: 0, pods: graph.nodes.size },
    },
    nodes,
    edges: [...cluster.graph.edges.values()],
    findings: [...cluster.graph.findings.values()],
  };
}

test.each([
  [0, ''],
  [3, ']'],
  [40, '},{"nodes":['],
  [200, ',"edges":[\u2028"\\]'],
  [900, '🔥'],
])('what was written of %i steps with %j is what is read', (steps, odd) => {
  const whole = frozen(steps, steps, odd);
  const pieces = [...topologyChunks(whole)];
  if (steps >= 200) expect(pieces.length).toBeGreaterThan(10);
  const read = drain(readTopology(pieces.map((piece) => encoder.encode(piece))));
  expect(read).toEqual(JSON.parse(pieces.join('')));
});
