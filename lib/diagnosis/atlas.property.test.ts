import { describe, expect, it } from 'vitest';
import { RESOURCES } from '@/lib/kube/resources';
import type { Change, ObjectChange } from '@/lib/state/change';
import { Graph } from '@/lib/topology/graph';
import { beforeOf } from '@/lib/topology/testing/before';
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
    else if (change.type === 'fact') this.facts.set(`${change.source} ${change.key}`, change);
    else if (change.type === 'coverage') this.facts.set(`coverage ${change.coverage.resource}`, change);
  }
}

function sorted(map: ReadonlyMap<string, unknown>) {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function contents(graph: Graph) {
  return { nodes: sorted(graph.nodes), edges: sorted(graph.edges), findings: sorted(graph.findings) };
}

function watchedEverywhere(): Change[] {
  return RESOURCES.map((row) => ({
    type: 'coverage',
    coverage: { resource: row.id, state: 'watched', reason: '' },
  }));
}

/** Publishes what is queued and holds it against a build from scratch and against the deltas replayed so far. */
function checkPublish(atlas: Atlas, inputs: Inputs, replica: Graph, cluster: RandomCluster): void {
  // Tiny budgets interrupt the work anywhere; changes that come meanwhile wait.
  while (!atlas.run(cluster.now, cluster.chance(0.5) ? 0 : 100));
  const delta = atlas.publish(cluster.now);
  expect(atlas.before).toEqual(beforeOf(replica, delta));
  replica.apply(delta);
  const objects = [...inputs.objects.values()].reverse();
  const scratch = build(objects, [...inputs.facts.values()].reverse(), atlas.observations, cluster.now);
  expect(contents(atlas.graph)).toEqual(contents(scratch.graph));
  expect(contents(replica)).toEqual(contents(atlas.graph));
  expect(atlas.summary).toEqual(scratch.summary);
  expect([...atlas.graph.findings.keys()].filter((id) => id.startsWith('check-failed'))).toEqual([]);
}

function checkReferences({ nodes, edges, findings }: Graph): void {
  const dangling: string[] = [];
  const must = (there: boolean, what: string) => (there ? undefined : dangling.push(what));
  for (const edge of edges.values()) must(nodes.has(edge.source) && nodes.has(edge.target), edge.id);
  for (const part of [...nodes.values(), ...edges.values()]) {
    for (const id of part.findings) must(findings.has(id), `${part.id} names ${id}`);
  }
  for (const finding of findings.values()) {
    must(
      finding.cause === null || findings.has(finding.cause),
      `${finding.id} is caused by ${finding.cause}`,
    );
    for (const { rule } of finding.affects) must(nodes.has(rule), `${finding.id} affects ${rule}`);
  }
  expect(dangling).toEqual([]);
}

describe('Atlas', () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    it(`incremental equals from scratch, seed ${seed}`, () => {
      const cluster = new RandomCluster(seed);
      const atlas = new Atlas();
      const inputs = new Inputs();
      const replica = new Graph();
      atlas.change(watchedEverywhere());
      for (const change of watchedEverywhere()) inputs.take(change);
      for (let step = 0; step < STEPS; step++) {
        const change = cluster.next();
        inputs.take(change);
        atlas.change([change]);
        if (cluster.chance(0.4)) checkPublish(atlas, inputs, replica, cluster);
      }
    });
  }

  it('leaves no edge, finding or cause that leads nowhere', () => {
    for (let seed = 1000; seed < 1030; seed++) {
      const cluster = new RandomCluster(seed);
      const atlas = new Atlas();
      atlas.change(watchedEverywhere());
      for (let step = 0; step < 80; step++) atlas.change([cluster.next()]);
      atlas.run(cluster.now);
      atlas.publish(cluster.now);
      checkReferences(atlas.graph);
    }
  });
});
