import { describe, expect, it } from 'vitest';
import { RESOURCES } from '@/lib/kube/resources';
import type { Change, ObjectChange } from '@/lib/state/change';
import { Graph } from '@/lib/topology/graph';
import { Atlas } from './atlas';
import { build } from './build';
import { RandomCluster } from './testing/random-cluster';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 60);
const STEPS = 120;

/** The inputs as they stand after a list of changes: what a build from scratch is given. */
class Inputs {
  readonly objects = new Map<string, ObjectChange>();
  readonly facts = new Map<string, Change>();

  take(change: Change): void {
    if (change.type === 'object') {
      const id = `${change.change.kind} ${change.change.key}`;
      if (change.change.object === null) this.objects.delete(id);
      else this.objects.set(id, change.change);
    } else if (change.type === 'dns') this.facts.set(`dns ${change.name}`, change);
    else if (change.type === 'secret') this.facts.set(`secret ${change.key}`, change);
    else this.facts.set(`coverage ${change.coverage.resource}`, change);
  }
}

function sorted(map: ReadonlyMap<string, unknown>) {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function contents(graph: Graph) {
  return { nodes: sorted(graph.nodes), edges: sorted(graph.edges), findings: sorted(graph.findings) };
}

describe('Atlas', () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    it(`incremental equals from scratch, seed ${seed}`, () => {
      const cluster = new RandomCluster(seed);
      const atlas = new Atlas();
      const inputs = new Inputs();
      const replica = new Graph();
      const take = (change: Change) => {
        inputs.take(change);
        atlas.change([change]);
      };
      for (const row of RESOURCES)
        take({ type: 'coverage', coverage: { resource: row.id, state: 'watched', reason: '' } });
      for (let step = 0; step < STEPS; step++) {
        take(cluster.next());
        if (!cluster.chance(0.4)) continue;
        // Tiny budgets interrupt the work anywhere; changes that come meanwhile wait.
        while (!atlas.run(cluster.now, cluster.chance(0.5) ? 0 : 100));
        replica.apply(atlas.publish(cluster.now));
        const before = atlas.observations;
        const scratch = build(
          [...inputs.objects.values()].reverse(),
          [...inputs.facts.values()].reverse(),
          before,
          cluster.now,
        );
        expect(contents(atlas.graph)).toEqual(contents(scratch.graph));
        expect(contents(replica)).toEqual(contents(atlas.graph));
        expect(atlas.summary).toEqual(scratch.summary);
        expect([...atlas.graph.findings.keys()].filter((id) => id.startsWith('check-failed'))).toEqual([]);
      }
    });
  }

  it('every edge joins two nodes, every finding that is named exists, and causes end', () => {
    for (let seed = 1000; seed < 1020; seed++) {
      const cluster = new RandomCluster(seed);
      const atlas = new Atlas();
      atlas.change(
        RESOURCES.map(
          (row): Change => ({
            type: 'coverage',
            coverage: { resource: row.id, state: 'watched', reason: '' },
          }),
        ),
      );
      for (let step = 0; step < 80; step++) atlas.change([cluster.next()]);
      atlas.run(cluster.now);
      atlas.publish(cluster.now);
      const { nodes, edges, findings } = atlas.graph;
      for (const edge of edges.values())
        expect([edge.id, nodes.has(edge.source), nodes.has(edge.target)]).toEqual([edge.id, true, true]);
      for (const part of [...nodes.values(), ...edges.values()])
        for (const id of part.findings) expect([part.id, id, findings.has(id)]).toEqual([part.id, id, true]);
      for (const finding of findings.values()) {
        if (finding.cause !== null)
          expect([finding.id, finding.cause, findings.has(finding.cause)]).toEqual([
            finding.id,
            finding.cause,
            true,
          ]);
        for (const { rule } of finding.affects)
          expect([finding.id, rule, nodes.has(rule)]).toEqual([finding.id, rule, true]);
      }
    }
  });
});
