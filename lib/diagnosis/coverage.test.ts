import { describe, expect, it } from 'vitest';
import type { KindName } from '@/lib/kube/objects';
import { RESOURCES } from '@/lib/kube/resources';
import type { Change } from '@/lib/state/change';
import type { Graph } from '@/lib/topology/graph';
import type { Finding } from '@/lib/topology/model';
import { build } from './build';
import type { Inputs } from './testing/expectation';
import { buildFixture, type Fixture, factsOf } from './testing/fixture';
import { breaches } from './testing/invariants';
import { scenarios } from './testing/scenarios';

const BLINDNESS = ['forbidden', 'failing', 'cold'] as const;
const all = scenarios().map((scenario) => ({
  ...scenario,
  full: buildFixture(scenario.objects, scenario.expect).graph,
  looked: lookedAt(scenario),
}));

/** Resources that the judging of a scenario looks at, be it only whether they can be seen: the others change nothing. */
function lookedAt({ objects, expect: wanted }: Fixture): ReadonlySet<KindName> {
  const looked = new Set<KindName>(objects.map(({ kind }) => kind));
  const facts = factsOf(wanted).map((change): Change => {
    if (change.type !== 'coverage') return change;
    const { resource, state, reason } = change.coverage;
    const coverage = {
      resource,
      reason,
      get state() {
        looked.add(resource);
        return state;
      },
    };
    return { type: 'coverage', coverage };
  });
  build(objects, facts, undefined, Date.parse(wanted.now ?? '2026-01-01T12:00:00Z'), wanted.config);
  return looked;
}

/** The scenario as we see it when a resource cannot be seen. */
function blind(
  { objects, expect: wanted }: Fixture,
  resource: KindName,
  state: (typeof BLINDNESS)[number],
): Graph {
  const inputs: Inputs = { ...wanted, coverage: { ...wanted.coverage, [resource]: state } };
  return buildFixture(
    objects.filter((change) => change.kind !== resource),
    inputs,
  ).graph;
}

const RANK = ['broken', 'degraded', 'warning', 'info'];

/** Open findings by code with their severity, each at its worst. */
function open(graph: Graph): ReadonlyMap<string, Finding> {
  const found = new Map<string, Finding>();
  for (const finding of graph.findings.values()) {
    const before = found.get(finding.code);
    if (
      finding.state === 'open' &&
      (!before || RANK.indexOf(finding.severity) < RANK.indexOf(before.severity))
    )
      found.set(finding.code, finding);
  }
  return found;
}

/**
 * Truth that TLS Secrets tell concerns https clients alone; policies are a side edge (CHECKS "Root cause"), and settings concern
 * all rules of a controller: not being allowed to look leaves the rule as it is, or whoever grants little would see nothing
 * but grey.
 */
const SHOWN_OTHERWISE: ReadonlySet<KindName> = new Set(['secrets', 'networkpolicies', 'configmaps']);

/** Dead either way: whoever may serve the rule, its Service is empty. Seen whole, the missing class comes first. */
const TRUE_ANYWAY = new Set([
  'ingressclasses service-no-endpoints/trap-no-live-rule',
  // Without its workload a controller's Service is one exposed by itself, and just as empty.
  'deployments controller-service-no-endpoints/selector',
  'deployments controller-service-no-endpoints/trap-pods-not-ready',
  'deployments controller-service-targetport-mismatch/name-of-nobody',
]);

function turnedGreen(full: Graph, seen: Graph): readonly string[] {
  return [...full.nodes.values()]
    .filter(
      (node) =>
        (node.kind === 'rule' || node.kind === 'host') &&
        (node.status === 'broken' || node.status === 'unknown'),
    )
    .filter((node) => seen.nodes.get(node.id)?.status === 'ok')
    .map((node) => `${node.id} was ${node.status} and is ok to a blind eye`);
}

/** What a healthy rule cannot be called healthy without; pods are vouched for by slices and counts. */
const NEEDED: readonly KindName[] = ['services', 'endpointslices', 'ingressclasses', 'deployments'];

describe('a healthy store that is not seen whole', () => {
  const healthy = all.find(({ name }) => name === 'healthy-store') as (typeof all)[number];
  for (const { id } of RESOURCES.filter((row) => row.id !== 'ingresses')) {
    it.each(BLINDNESS)(`${id} %s: ${NEEDED.includes(id) ? 'unknown' : 'still ok'}, and no alarm`, (state) => {
      const graph = blind(healthy, id, state);
      expect([...graph.findings.values()].filter((finding) => finding.state === 'open')).toEqual([]);
      const status = NEEDED.includes(id) ? 'unknown' : 'ok';
      const shown = [...graph.nodes.values()].filter(({ kind }) => kind === 'rule' || kind === 'host');
      expect(shown.map((node) => node.status)).toEqual([status, status]);
    });
  }
});

/** A watch that broke after its first list leaves what it saw; what is not among it may have come since. */
describe('what was seen before the watch failed', () => {
  for (const { id } of RESOURCES) {
    it(`${id}: nothing is said to be missing on old knowledge`, () => {
      const known = all.filter(({ name, looked }) => looked.has(id) && !TRUE_ANYWAY.has(`${id} ${name}`));
      const claims = known.flatMap(({ name, objects, expect: wanted, full }) => {
        const stale = buildFixture(objects, {
          ...wanted,
          coverage: { ...wanted.coverage, [id]: 'failing' },
        }).graph;
        const before = open(full);
        return [...open(stale).values()]
          .filter((finding) => !before.has(finding.code))
          .map((finding) => `${name}: ${finding.id}: ${finding.detail}`);
      });
      expect(claims).toEqual([]);
    });
  }

  it('a Service that is not in an old list is not called missing', () => {
    const typo = all.find(({ name }) => name === 'service-missing/typo-in-name') as (typeof all)[number];
    const { graph } = buildFixture(typo.objects, { ...typo.expect, coverage: { services: 'failing' } });
    expect([...open(graph).keys()]).toEqual([]);
  });
});

/** TRUTH "Unknown is an answer": what cannot be seen is neither missing nor well. */
describe('what may not be seen', () => {
  for (const { id } of RESOURCES) {
    for (const state of BLINDNESS) {
      it(`${id} ${state}: nothing is claimed that it takes ${id} to know`, () => {
        const claims = all
          .filter(({ name, looked }) => looked.has(id) && !TRUE_ANYWAY.has(`${id} ${name}`))
          .flatMap((scenario) => {
            const { full } = scenario;
            const seen = blind(scenario, id, state);
            const before = open(full);
            const more = [...open(seen).values()].filter((finding) => {
              const known = before.get(finding.code);
              return !known || RANK.indexOf(finding.severity) < RANK.indexOf(known.severity);
            });
            const greens = SHOWN_OTHERWISE.has(id) ? [] : turnedGreen(full, seen);
            return [
              ...more.map(
                (finding) => `${scenario.name}: ${finding.id} (${finding.severity}): ${finding.detail}`,
              ),
              ...greens.map((text) => `${scenario.name}: ${text}`),
              ...breaches(seen).map((text) => `${scenario.name}: ${text}`),
            ];
          });
        expect(claims).toEqual([]);
      });
    }
  }
});
