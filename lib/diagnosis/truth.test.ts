import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Graph } from '@/lib/topology/graph';
import { addressId } from '@/lib/topology/ids';
import type { Inputs, Wanted } from './testing/expectation';
import { buildFixture } from './testing/fixture';
import { scenarios } from './testing/scenarios';
import { differences } from './testing/verify';

/** A fixture, and what of it the clause says; `with` are other inputs than its own. */
interface Proof extends Wanted {
  readonly fixture: string;
  readonly with?: Inputs;
  /** What the expectations of fixtures have no word for; true where it holds. */
  readonly holds?: (graph: Graph) => boolean;
}

/** A clause of the rules by which findings are judged, and what proves it: fixtures, or tests where no fixture can. */
type Clause = readonly [clause: string, ...proofs: readonly (Proof | string)[]];

const RULE = 'www.example.com/wear';
const HOST = 'host:www.example.com';
const NGINX = 'controller:workload/Deployment/ingress-nginx/ingress-nginx-controller';
const BALANCER = 'loadbalancer:service/ingress-nginx/ingress-nginx-controller';
const noSiteBroken = ({ nodes }: Graph): boolean =>
  [...nodes.values()].every(
    ({ kind, status }) => (kind !== 'rule' && kind !== 'host') || status !== 'broken',
  );
const noneBroken = ({ nodes }: Graph): boolean =>
  [...nodes.values()].every(({ status }) => status !== 'broken');

const JUDGING: readonly Clause[] = [
  [
    'The same four inputs give the same answer, in any order of events.',
    'lib/diagnosis/atlas.property.test.ts',
    'lib/diagnosis/fixtures.test.ts',
  ],
  [
    'The graph shows facts at once; a finding is settled once its hold time has passed.',
    { fixture: 'service-no-endpoints/trap-just-created', unsettled: ['service-no-endpoints'], only: true },
    {
      fixture: 'controller-pod-not-ready/all-crash',
      with: { now: '2026-01-01T11:50:20Z', seen: 0 },
      unsettled: ['controller-pod-not-ready'],
      statuses: { [RULE]: 'broken' },
    },
  ],
  [
    'Hold times count from the API’s own transition times, where there are such.',
    {
      fixture: 'controller-pod-not-ready/all-crash',
      with: { seen: 0 },
      findings: ['controller-pod-not-ready'],
    },
  ],
  [
    'What is no transient state settles at once.',
    { fixture: 'service-missing/typo-in-name', with: { seen: 0 }, findings: ['service-missing'] },
    { fixture: 'controller-missing/nothing-installed', with: { seen: 0 }, findings: ['controller-missing'] },
  ],
  [
    'The title says what a user gets, and the cause is the deepest one known.',
    {
      fixture: 'pod-crashloop/whole-deployment',
      titles: { 'service-no-ready-endpoints': `${RULE} → 503` },
      chains: [['service-no-ready-endpoints', 'pod-crashloop']],
    },
  ],
  [
    'One crashed controller is one root cause with many that it affects.',
    {
      fixture: 'controller-pod-not-ready/all-crash',
      chains: [['controller-pod-not-ready', 'controller-pod-crashloop']],
      affects: { 'controller-pod-crashloop': [RULE] },
      only: true,
      findings: ['controller-pod-not-ready', 'controller-pod-crashloop'],
    },
  ],
  [
    'Never “A caused B” for mere coincidence: both times are said.',
    {
      fixture: 'pod-crashloop/changed-just-before',
      // The change is evidence beside the crash, with its own time, and no cause of it.
      chains: [['service-no-ready-endpoints', 'pod-crashloop']],
      holds: ({ findings }) => {
        const crash = [...findings.values()].find(({ code }) => code === 'pod-crashloop');
        const edit = crash?.evidence.find(({ path }) => path === 'metadata.managedFields');
        const said = `${crash?.title} ${crash?.detail} ${crash?.fix.summary}`;
        return (
          crash !== undefined &&
          edit?.at?.startsWith('2026-01-01T11:49:58') === true &&
          crash.evidence.some(({ at }) => at?.startsWith('2026-01-01T11:50:00')) &&
          !/caused|because|due to/i.test(said)
        );
      },
    },
  ],
  [
    'What may not be read, is absent, cold or failing is neither broken nor ok.',
    'lib/diagnosis/coverage.test.ts',
    'lib/diagnosis/coverage-denied.test.ts',
  ],
  [
    'A probe that timed out is unknown.',
    {
      fixture: 'dns-name-unresolved/trap-resolver-down',
      unknown: ['dns-name-unresolved'],
      only: true,
      statuses: { [HOST]: 'unknown', [RULE]: 'ok' },
    },
  ],
  [
    'A flag from a ConfigMap that cannot be read is unknown.',
    {
      fixture: 'controller-watch-scope-excludes/trap-flag-from-configmap',
      absent: ['controller-watch-scope-excludes'],
      statuses: { [RULE]: 'unknown' },
    },
  ],
  [
    'Each edge says how it is known.',
    {
      fixture: 'service-no-endpoints/trap-joined-slices',
      holds: ({ edges }) => {
        const bases = Map.groupBy(edges.values(), ({ kind }) => kind);
        const all = (kind: string, basis: string) =>
          [...bases].some(([name]) => name === kind) &&
          [...bases].every(([name, list]) => name !== kind || list.every((edge) => edge.basis === basis));
        return all('resolves', 'probed') && all('routes', 'declared') && all('backs', 'observed');
      },
    },
  ],
  [
    'A load balancer’s way to the controller is declared at best.',
    {
      fixture: 'service-no-endpoints/trap-joined-slices',
      holds: ({ edges }) => {
        const ways = [...edges.values()].filter(({ source }) => source === BALANCER);
        return ways.length > 0 && ways.every(({ basis }) => basis === 'declared');
      },
    },
  ],
];

const DNS: readonly Clause[] = [
  [
    'DNS is broken only with positive evidence: a former address of this load balancer.',
    {
      fixture: 'dns-points-elsewhere/former-address',
      findings: ['dns-points-elsewhere'],
      severities: { 'dns-points-elsewhere': 'broken' },
      statuses: { [HOST]: 'broken' },
    },
  ],
  [
    'Otherwise it is an address that this cluster does not know, with how to declare it (CDN, NAT, VIP).',
    {
      fixture: 'dns-points-elsewhere/trap-cdn',
      unknown: ['dns-points-elsewhere'],
      only: true,
      says: { 'dns-points-elsewhere': 'ATLAS_KNOWN_ADDRESSES' },
      statuses: { [HOST]: 'unknown', [RULE]: 'ok' },
    },
    { fixture: 'dns-points-elsewhere/trap-declared-address', absent: ['dns-points-elsewhere'], only: true },
    { fixture: 'dns-proxied-by-cdn/cloudflare', absent: ['dns-points-elsewhere'], holds: noneBroken },
  ],
  [
    'The controller’s ClusterIP is a right answer inside the cluster.',
    { fixture: 'dns-points-elsewhere/trap-cluster-ip-inside', only: true, statuses: { [HOST]: 'ok' } },
  ],
  [
    'One point of view alone gives at most a warning and says which resolver saw it (split DNS).',
    {
      fixture: 'dns-points-elsewhere/trap-former-in-one-view',
      severities: { 'dns-points-elsewhere': 'warning' },
      says: { 'dns-points-elsewhere': 'the one resolver that was asked (a)' },
    },
    {
      fixture: 'dns-points-elsewhere/trap-resolvers-differ',
      severities: { 'dns-points-elsewhere': 'warning' },
      says: { 'dns-points-elsewhere': ['seen by b only', 'split horizon'] },
      statuses: { [HOST]: 'warning' },
    },
    { fixture: 'dns-name-unresolved/trap-one-view-only', holds: noneBroken },
  ],
  [
    'Most hosts with the same foreign addresses: one info finding (standby cluster).',
    {
      fixture: 'dns-points-elsewhere/trap-standby-cluster',
      findings: ['dns-points-elsewhere:Cluster/-/cluster'],
      only: true,
      severities: { 'dns-points-elsewhere': 'info' },
      titles: { 'dns-points-elsewhere': 'This cluster does not receive this traffic' },
      holds: noneBroken,
    },
  ],
  [
    'How long a mended answer may stay cached is said.',
    {
      fixture: 'dns-points-elsewhere/former-address',
      says: { 'dns-points-elsewhere': 'A mended answer may stay cached for 60 s' },
    },
  ],
];

const TLS: readonly Clause[] = [
  [
    'The default certificate (a wildcard) covers the host: a warning.',
    {
      fixture: 'tls-secret-missing/default-covers',
      severities: { 'tls-secret-missing': 'warning' },
      statuses: { [RULE]: 'warning' },
      holds: noneBroken,
    },
    {
      fixture: 'tls-san-mismatch/default-covers',
      severities: { 'tls-san-mismatch': 'warning' },
      holds: noneBroken,
    },
  ],
  [
    'It does not: broken for https clients, degraded for the host.',
    {
      fixture: 'tls-secret-missing/default-certificate',
      statuses: { [`${RULE} → secret:shop/store-tls`]: 'broken', [HOST]: 'degraded', [RULE]: 'degraded' },
    },
    { fixture: 'tls-secret-missing/default-for-other-hosts', statuses: { [RULE]: 'degraded' } },
  ],
  [
    'TLS that ends at the load balancer or by ACM is never missing.',
    {
      fixture: 'tls-secret-missing/trap-alb-uses-acm',
      absent: ['tls-secret-missing', 'tls-absent'],
      holds: noneBroken,
    },
    {
      fixture: 'tls-secret-missing/trap-balancer-holds-certificate',
      absent: ['tls-secret-missing', 'tls-absent'],
    },
    {
      fixture: 'tls-secret-missing/trap-gce-managed-certificate',
      absent: ['tls-secret-missing', 'tls-absent'],
    },
  ],
  [
    'cert-manager about to create the Secret: pending.',
    {
      fixture: 'tls-secret-missing/trap-cert-manager-issues',
      absent: ['tls-secret-missing'],
      statuses: { [RULE]: 'pending', [HOST]: 'pending' },
    },
  ],
];

const ENDPOINTS: readonly Clause[] = [
  [
    'Empty endpoints alarm only behind a live rule.',
    {
      fixture: 'service-no-endpoints/trap-no-live-rule',
      absent: ['service-no-endpoints', 'service-selector-no-match'],
    },
    { fixture: 'service-no-endpoints/trap-internal-only', absent: ['service-no-endpoints'] },
  ],
  [
    'KEDA explains zero.',
    {
      fixture: 'workload-scaled-to-zero/trap-keda',
      severities: { 'service-no-endpoints': 'warning', 'workload-scaled-to-zero': 'warning' },
      holds: noneBroken,
    },
  ],
  [
    'Knative explains zero.',
    {
      fixture: 'workload-scaled-to-zero/trap-knative',
      severities: { 'service-no-endpoints': 'warning', 'workload-scaled-to-zero': 'warning' },
      chains: [['service-no-endpoints', 'workload-scaled-to-zero']],
      statuses: { 'service:shop/wear': 'warning' },
      holds: noneBroken,
    },
  ],
  [
    'An Argo Rollouts preview or idle colour explains zero.',
    {
      fixture: 'service-selector-no-match/trap-rollouts-idle-colour',
      unknown: ['service-no-endpoints'],
      only: true,
      holds: noneBroken,
    },
    { fixture: 'workload-scaled-to-zero/trap-argo-rollout', holds: noneBroken },
  ],
  [
    'A suspended job explains zero.',
    {
      fixture: 'service-no-endpoints/trap-suspended-job',
      unknown: ['service-no-endpoints'],
      holds: noneBroken,
    },
  ],
  [
    'A scaler that cannot be read: unknown.',
    {
      fixture: 'workload-scaled-to-zero/trap-keda-unreadable',
      unknown: ['service-no-endpoints', 'workload-scaled-to-zero'],
      only: true,
      holds: noneBroken,
    },
  ],
  [
    'A canary’s share to dead pods is a share, not an outage.',
    {
      fixture: 'service-no-endpoints/trap-canary',
      titles: { 'service-no-endpoints': `${RULE} → canary (about 5 %) has no pods` },
      severities: { 'service-no-endpoints': 'degraded' },
      statuses: { [HOST]: 'degraded', 'service:shop/wear': 'ok' },
      holds: noSiteBroken,
    },
  ],
];

const POLICIES: readonly Clause[] = [
  [
    'NetworkPolicies are broken only where enforcement by this CNI is known.',
    {
      fixture: 'networkpolicy-blocks-controller/default-deny',
      severities: { 'networkpolicy-blocks-controller': 'broken' },
      says: { 'networkpolicy-blocks-controller': 'kube-router enforces it' },
      statuses: { [RULE]: 'broken' },
    },
  ],
  [
    'Else they “would block”; where nothing enforces them, the site works.',
    {
      fixture: 'networkpolicy-blocks-controller/cni-unknown',
      severities: { 'networkpolicy-blocks-controller': 'warning' },
      says: { 'networkpolicy-blocks-controller': 'would' },
      holds: noneBroken,
    },
    {
      fixture: 'networkpolicy-unenforced/flannel',
      absent: ['networkpolicy-blocks-controller'],
      statuses: { [RULE]: 'ok' },
    },
  ],
  [
    'With hostNetwork, selectors and ipBlock may not mean the controller; that is said.',
    {
      fixture: 'networkpolicy-hostnetwork-unknown/selectors',
      unknown: ['networkpolicy-hostnetwork-unknown'],
      only: true,
      statuses: { [RULE]: 'unknown' },
    },
    { fixture: 'networkpolicy-blocks-controller/ip-block-of-pods', holds: noneBroken },
  ],
];

const CONTROLLERS: readonly Clause[] = [
  [
    'A controller too old for this API serves none of these Ingresses: that is the root, and class findings follow (the guide).',
    {
      fixture: 'controller-k8s-version-unsupported/guide-0.21',
      severities: { 'controller-k8s-version-unsupported': 'broken' },
      chains: [['ingress-class-unset', 'controller-k8s-version-unsupported']],
      statuses: { 'host:www.my-online-store.com': 'broken' },
    },
    {
      fixture: 'controller-k8s-version-unsupported/class-missing-too',
      chains: [['ingress-class-missing', 'controller-k8s-version-unsupported']],
    },
  ],
  [
    'Arguments like $(POD_NAMESPACE) are expanded from the pod’s environment.',
    { fixture: 'controller-watch-scope-excludes/trap-own-namespace', only: true, statuses: { [RULE]: 'ok' } },
  ],
  [
    'A finding can be marked as expected; it comes back when the time is over or the evidence changes.',
    'components/panels/marks.test.ts',
  ],
];

const GREEN: readonly Clause[] = [
  [
    'STRICT mutual TLS in the mesh with a controller outside it is unknown, not ok.',
    { fixture: 'mesh-mtls-strict/mesh-wide', unknown: ['mesh-mtls-strict'], statuses: { [RULE]: 'unknown' } },
    { fixture: 'mesh-mtls-strict/trap-controller-in-mesh', absent: ['mesh-mtls-strict'] },
    { fixture: 'mesh-mtls-strict/trap-permissive', absent: ['mesh-mtls-strict'] },
  ],
  [
    'An AuthorizationPolicy, or a policy of Cilium or Calico, that is not evaluated is unknown, not ok.',
    ...['istio', 'cilium', 'calico', 'admin'].map((kind) => ({
      fixture: `networkpolicy-foreign-applies/${kind}`,
      unknown: ['networkpolicy-foreign-applies'],
      statuses: { [RULE]: 'unknown' as const },
    })),
  ],
  [
    'Ready is not healthy: readiness by TCP only is said in the inspector.',
    'components/panels/facts.test.ts',
  ],
  [
    'A controller with an old configuration: its rules are unknown, “live configuration not confirmed”.',
    {
      fixture: 'controller-reload-failed/by-log',
      says: { 'controller-reload-failed': 'live configuration not confirmed' },
      statuses: { [RULE]: 'unknown', [`${NGINX} → ${RULE}`]: 'unknown' },
    },
    { fixture: 'controller-reload-failed/by-event', statuses: { [RULE]: 'unknown' } },
  ],
  [
    'ExternalName to x.ns.svc is followed to the real Service.',
    {
      fixture: 'service-no-ready-endpoints/through-external-name',
      titles: { 'service-no-ready-endpoints': `${RULE} → fails` },
      statuses: { [RULE]: 'broken', 'service:apparel/coats': 'broken' },
    },
    { fixture: 'service-no-ready-endpoints/trap-external-name-followed', statuses: { [RULE]: 'unknown' } },
    { fixture: 'service-missing/external-name-to-nowhere', statuses: { [RULE]: 'broken' } },
  ],
  [
    'Label-sharded controllers: a selector that leaves an Ingress out means nobody serves it.',
    {
      fixture: 'controller-watch-scope-excludes/ingress-label-shard',
      findings: ['controller-watch-scope-excludes'],
      statuses: { [RULE]: 'broken' },
    },
    { fixture: 'controller-watch-scope-excludes/label-shard', statuses: { [RULE]: 'broken' } },
    {
      fixture: 'controller-watch-scope-excludes/trap-label-shard-matches',
      absent: ['controller-watch-scope-excludes'],
    },
  ],
  [
    'AAAA dead while A works: worst per address.',
    {
      fixture: 'dns-ipv6-mismatch/old-aaaa',
      findings: ['dns-ipv6-mismatch'],
      severities: { 'dns-ipv6-mismatch': 'degraded' },
      statuses: { [HOST]: 'degraded', [addressId('2001:db8::7')]: 'unknown' },
    },
  ],
  [
    'publishNotReadyAddresses hides readiness: the Pod’s own is used.',
    {
      fixture: 'service-no-ready-endpoints/published-though-not-ready',
      findings: ['service-no-ready-endpoints'],
      statuses: { [RULE]: 'broken' },
    },
    {
      fixture: 'service-no-ready-endpoints/trap-published-and-pods-forbidden',
      statuses: { [RULE]: 'unknown' },
    },
  ],
  ['The eleven questions that people run down by hand.', 'lib/diagnosis/checklist.test.ts'],
];

const ALL = { JUDGING, DNS, TLS, ENDPOINTS, POLICIES, CONTROLLERS, GREEN };

describe('how findings are judged, clause by clause', () => {
  const byName = new Map(scenarios().map((scenario) => [scenario.name, scenario]));
  for (const [part, clauses] of Object.entries(ALL))
    describe(part, () => {
      for (const [clause, ...proofs] of clauses)
        it(clause, () => {
          expect(proofs.flatMap((proof) => faultsOf(proof, byName))).toEqual([]);
        });
    });
});

/** Why something does not prove its clause; none where it does. */
function faultsOf(
  proof: Proof | string,
  byName: ReadonlyMap<string, ReturnType<typeof scenarios>[number]>,
): readonly string[] {
  if (typeof proof === 'string')
    return existsSync(join(import.meta.dirname, '../..', proof)) ? [] : [`${proof} does not exist`];
  const { fixture, with: other, holds, ...wanted } = proof;
  const scenario = byName.get(fixture);
  if (!scenario) return [`there is no fixture ${fixture}`];
  const built = buildFixture(scenario.objects, { ...scenario.expect, ...other });
  const named = { findings: scenario.expect.findings ?? [], ...wanted };
  const faults = differences(built, other ? wanted : named).map((fault) => `${fixture}: ${fault}`);
  return holds && !holds(built.graph) ? [...faults, `${fixture}: does not hold`] : faults;
}
