/** The scenarios as they look to somebody who may not see everything (TRUTH "Unknown is an answer"). */

import { build } from '@/lib/diagnosis/build';
import type { KindName } from '@/lib/kube/objects';
import type { Change } from '@/lib/state/change';
import type { Graph } from '@/lib/topology/graph';
import type { Finding } from '@/lib/topology/model';
import type { Inputs } from './expectation';
import { buildFixture, type Fixture, factsOf } from './fixture';
import { breaches } from './invariants';
import { scenarios } from './scenarios';

export const BLINDNESS = ['forbidden', 'failing', 'cold'] as const;
type Blindness = (typeof BLINDNESS)[number];
export const all = scenarios().map((scenario) => ({
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
export function blind({ objects, expect: wanted }: Fixture, resource: KindName, state: Blindness): Graph {
  const inputs: Inputs = { ...wanted, coverage: { ...wanted.coverage, [resource]: state } };
  return buildFixture(
    objects.filter((change) => change.kind !== resource),
    inputs,
  ).graph;
}

const RANK = ['broken', 'degraded', 'warning', 'info'];

/** Open findings by code with their severity, each at its worst. */
export function open(graph: Graph): ReadonlyMap<string, Finding> {
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
export const SHOWN_OTHERWISE: ReadonlySet<KindName> = new Set([
  'secrets',
  'networkpolicies',
  'configmaps',
  'peerauthentications',
  'authorizationpolicies',
  'ciliumnetworkpolicies',
  'ciliumclusterwidenetworkpolicies',
  'caliconetworkpolicies',
  'calicoglobalnetworkpolicies',
  'adminnetworkpolicies',
  'baselineadminnetworkpolicies',
]);

/** Dead either way: whoever may serve the rule, its Service is empty. Seen whole, the missing class comes first. */
export const TRUE_ANYWAY = new Set([
  'ingressclasses service-no-endpoints/trap-no-live-rule',
  // Without its workload a controller's Service is one exposed by itself, and just as empty.
  'deployments controller-service-no-endpoints/selector',
  'deployments controller-service-no-endpoints/trap-pods-not-ready',
  'deployments controller-service-targetport-mismatch/name-of-nobody',
  // … and its container, killed for its memory, is one like others.
  'deployments controller-oom-killed/an-hour-ago',
  'deployments controller-oom-killed/not-up-yet',
]);

export function turnedGreen(full: Graph, seen: Graph): readonly string[] {
  return [...full.nodes.values()]
    .filter(
      (node) =>
        (node.kind === 'rule' || node.kind === 'host') &&
        (node.status === 'broken' || node.status === 'unknown'),
    )
    .filter((node) => seen.nodes.get(node.id)?.status === 'ok')
    .map((node) => `${node.id} was ${node.status} and is ok to a blind eye`);
}

/** What a blind eye claims that the whole truth does not bear out: findings, worse severities, green rules, broken invariants. */
export function falseClaims(resource: KindName, state: Blindness): readonly string[] {
  return all
    .filter(({ name, looked }) => looked.has(resource) && !TRUE_ANYWAY.has(`${resource} ${name}`))
    .flatMap((scenario) => {
      const { full } = scenario;
      const seen = blind(scenario, resource, state);
      const before = open(full);
      const more = [...open(seen).values()].filter((finding) => {
        const known = before.get(finding.code);
        return !known || RANK.indexOf(finding.severity) < RANK.indexOf(known.severity);
      });
      const greens = SHOWN_OTHERWISE.has(resource) ? [] : turnedGreen(full, seen);
      return [
        ...more.map((finding) => `${scenario.name}: ${finding.id} (${finding.severity}): ${finding.detail}`),
        ...greens.map((text) => `${scenario.name}: ${text}`),
        ...breaches(seen).map((text) => `${scenario.name}: ${text}`),
      ];
    });
}
