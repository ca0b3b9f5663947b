import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KindName } from '@/lib/kube/objects';
import { RESOURCES } from '@/lib/kube/resources';
import type { Change, ObjectChange } from '@/lib/state/change';
import type { Graph } from '@/lib/topology/graph';
import { Atlas } from './atlas';
import { build } from './build';
import { factsOf, readFixture } from './testing/fixture';
import { breaches } from './testing/invariants';
import { Random } from './testing/random';
import { randomForeignPolicy } from './testing/random-foreign-policies';
import { type Place, plugin, randomPolicy } from './testing/random-policies';

/** A store that a controller serves: policies come and go around it, and pods, namespaces and the plugin change. */
const FOLDER = join(import.meta.dirname, 'fixtures/networkpolicy-blocks-controller');
const store = readFixture(join(FOLDER, 'default-deny.yaml'));
const NOW = Date.parse('2026-01-01T12:00:00Z');
const PLACE: Place = { namespaces: ['shop', 'ingress-nginx'], apps: ['wear', 'ing', 'waer'] };
const BLINDED: readonly KindName[] = [
  'networkpolicies',
  'pods',
  'namespaces',
  'daemonsets',
  'peerauthentications',
  'authorizationpolicies',
  'ciliumnetworkpolicies',
];
/** The scenario, in a cluster that has every optional kind. */
const BEGINNING: readonly Change[] = [
  ...factsOf(store.expect),
  ...RESOURCES.filter(({ optional }) => optional).map(
    ({ id }): Change => ({ type: 'coverage', coverage: { resource: id, state: 'watched', reason: '' } }),
  ),
  ...store.objects.map((change): Change => ({ type: 'object', change })),
];

/** With a sidecar, or in no mesh. */
function meshed(random: Random, change: ObjectChange): ObjectChange {
  if (change.kind !== 'pods' || !change.object || random.chance(0.6)) return change;
  const proxy = { name: 'istio-proxy', image: 'istio/proxyv2:1.27.1', ports: [], readiness: 'http' as const };
  return { ...change, object: { ...change.object, containers: [...change.object.containers, proxy] } };
}

function labelled(random: Random, kind: KindName, change: ObjectChange): ObjectChange {
  if (change.kind !== kind || !change.object) return change;
  const labels = { ...change.object.labels, ...random.pick([{}, { team: 'a' }, { app: 'waer' }]) };
  return { ...change, object: { ...change.object, labels } } as ObjectChange;
}

function next(random: Random): Change {
  const changing = store.objects.filter(({ kind }) => kind === 'pods' || kind === 'namespaces');
  const what = random.below(10);
  if (what < 5) {
    const change = random.chance(0.5) ? randomPolicy(random, PLACE) : randomForeignPolicy(random, PLACE);
    return {
      type: 'object',
      change: random.chance(0.3) ? ({ ...change, object: null } as ObjectChange) : change,
    };
  }
  if (what < 7) {
    const change = random.pick(changing);
    const gone = random.chance(0.2);
    return {
      type: 'object',
      change: gone
        ? ({ ...change, object: null } as ObjectChange)
        : meshed(random, labelled(random, change.kind, change)),
    };
  }
  if (what < 9)
    return {
      type: 'object',
      change: { kind: 'daemonsets', key: 'kube-system/kube-router', object: plugin(random) },
    };
  const state = random.chance(0.7) ? 'watched' : random.pick(['forbidden', 'failing'] as const);
  return { type: 'coverage', coverage: { resource: random.pick(BLINDED), state, reason: '' } };
}

function idOf(change: Change): string {
  if (change.type === 'object') return `${change.change.kind} ${change.change.key}`;
  return change.type === 'coverage' ? `coverage ${change.coverage.resource}` : JSON.stringify(change);
}

function contents({ nodes, edges, findings }: Graph) {
  const sorted = (map: ReadonlyMap<string, unknown>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return { nodes: sorted(nodes), edges: sorted(edges), findings: sorted(findings) };
}

describe('policies that come and go', () => {
  const seen = new Set<string>();
  it.each(Array.from({ length: 40 }, (_, seed) => seed))('are judged as from scratch (seed %d)', (seed) => {
    const random = new Random(seed);
    const atlas = new Atlas();
    const inputs = new Map<string, Change>();
    const take = (change: Change) => {
      const id = idOf(change);
      inputs.set(id, change);
      atlas.change([change]);
    };
    for (const change of BEGINNING) take(change);
    for (let step = 0; step < 60; step++) {
      take(next(random));
      if (step % 3 > 0) continue;
      while (!atlas.run(NOW));
      atlas.publish(NOW);
      const all = [...inputs.values()].reverse();
      const objects = all.flatMap((change) => (change.type === 'object' ? [change.change] : []));
      const facts = all.filter((change) => change.type !== 'object');
      const scratch = build(objects, facts, atlas.observations, NOW);
      expect(contents(atlas.graph)).toEqual(contents(scratch.graph));
      expect(breaches(atlas.graph)).toEqual([]);
      for (const { code, state } of atlas.graph.findings.values()) seen.add(`${code} ${state}`);
    }
  });

  it('came upon the verdicts that matter', () => {
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'networkpolicy-blocks-controller open',
        'networkpolicy-blocks-controller unknown',
        'networkpolicy-controller-ingress open',
        'networkpolicy-controller-egress open',
        'networkpolicy-default-deny open',
        'networkpolicy-port-mismatch open',
        'networkpolicy-unenforced open',
        'networkpolicy-foreign-applies unknown',
        'mesh-mtls-strict unknown',
      ]),
    );
  });
});
