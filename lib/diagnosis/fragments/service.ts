/** What one Service contributes: itself, its pods, and, where it is exposed directly, its own way in. */
import { canaryStatus } from '@/lib/diagnosis/canary';
import { type Draft, EMPTY_FRAGMENT, type Fragment } from '@/lib/diagnosis/draft';
import { followExternalName } from '@/lib/diagnosis/external-name';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { serviceChecks } from '@/lib/diagnosis/registry';
import { type PortHealth, type ServiceHealth, serviceHealth } from '@/lib/diagnosis/service-health';
import { serviceWorkloads, type WorkloadFacts } from '@/lib/diagnosis/service-workloads';
import type { Service } from '@/lib/kube/objects';
import type { Query, Reader } from '@/lib/state/cells';
import type { ServiceDetail } from '@/lib/topology/details';
import { isExposed } from '@/lib/topology/entries';
import { controllerServices } from '@/lib/topology/exposure';
import { type HostRule, liveRules, serviceRules } from '@/lib/topology/hosts';
import { serviceId } from '@/lib/topology/ids';
import type { Status, TopologyNode } from '@/lib/topology/model';
import { members, object } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';
import { worst } from '@/lib/topology/status';
import { balancerParts } from './balancer';
import { endpointParts } from './endpoints';
import { harmOf, onlyCanaries, portOfRule, withHarm } from './harm';
import { node, serviceDetail } from './parts';
import { withFoundAt } from './with-found';

/** The fragment of the Service with key `NS/NAME`; empty where no entry reaches it. */
export const serviceFragment: Query<Fragment> = {
  name: 'service-fragment',
  level: 11,
  compute: (read, key) => {
    const service = object(read, 'services', key);
    if (!service) return EMPTY_FRAGMENT;
    const direct = isExposed(service) && !read.query(controllerServices, '').includes(key);
    if (!direct && members(read, 'ingresses-of-service', key).length === 0) return EMPTY_FRAGMENT;
    return fragmentOf(read, key, service, direct);
  },
};

function fragmentOf(read: Reader, key: string, service: Service, direct: boolean): Fragment {
  const health = read.query(serviceHealth, key);
  const live = read.query(liveRules, key);
  const alarming = direct || live.length > 0;
  // Rules that nobody serves are drawn down to the pods too, but their Service does not alarm.
  const ports = usedPorts(health, alarming ? live : read.query(serviceRules, key), direct);
  const harm = harmOf(read, service, health, live, direct);
  const drafts = alarming ? relevant(health.drafts, ports) : [];
  const causes = new Set(drafts.map((found) => found.cause));
  const followed = health.externalName ? followExternalName(read, null, key, health.externalName) : null;
  const external = followed?.draft && live.length > 0 ? [followed.draft.id] : [];
  const endpoints = endpointParts(read, key, service, health, ports, alarming, external);
  const balancer = direct ? balancerParts(read, service, health) : EMPTY_FRAGMENT;
  const shown: Shown = {
    ports,
    alarming,
    entry: entryOf(read, key),
    external: followed ? [followed.status, external] : null,
    share: onlyCanaries(harm),
  };
  const drawn: Fragment = {
    nodes: [
      serviceNode(service, health, shown, read.query(serviceWorkloads, key)),
      ...endpoints.nodes,
      ...balancer.nodes,
    ],
    edges: [...endpoints.edges, ...balancer.edges],
    findings: [...drafts.map((found) => withHarm(found, harm, causes.has(found.id))), ...balancer.findings],
  };
  const found = alarming ? read.query(serviceChecks, key) : [];
  return withFoundAt(drawn, serviceId(service.namespace, service.name), found);
}

/** Behind rules of which nobody can say whether they are served, empty endpoints are neither an alarm nor well. */
function entryOf(read: Reader, key: string): Shown['entry'] {
  const unknown = members(read, 'ingresses-of-service', key).some(
    (ingress) => read.query(serving, ingress).problem === 'unknown',
  );
  return unknown ? 'unknown' : 'known';
}

/** Ports that some rule or load balancer uses: the others carry no traffic from outside. */
function usedPorts(
  health: ServiceHealth,
  rules: readonly HostRule[],
  direct: boolean,
): readonly PortHealth[] {
  if (direct) return health.ports.filter((port) => port.protocol !== 'UDP');
  const used = new Set(rules.map(({ rule }) => portOfRule(health, rule)));
  return health.ports.filter((port) => used.has(port));
}

function relevant(drafts: readonly Draft[], ports: readonly PortHealth[]): readonly Draft[] {
  const wanted = new Set(ports.flatMap((port) => port.findings));
  return drafts.filter((found) => wanted.has(found.id));
}

/** How a Service's node is to be painted. */
interface Shown {
  readonly ports: readonly PortHealth[];
  readonly alarming: boolean;
  /** `unknown`: whether some rule leads here live cannot be told. */
  readonly entry: 'known' | 'unknown';
  readonly external: readonly [Status, readonly string[]] | null;
  /** Only canaries use it: what is lost is a share. */
  readonly share: boolean;
}

function serviceNode(
  service: Service,
  health: ServiceHealth,
  { ports, alarming, entry, external, share }: Shown,
  facts: WorkloadFacts,
): TopologyNode {
  const statuses: Status[] = [...ports.map((port) => port.status), ...(external ? [external[0]] : [])];
  const status = worst(statuses);
  const shown = ports.length > 0 ? ports : health.ports;
  const reason = health.reason || (ports.find((port) => port.reason !== '')?.reason ?? '');
  const detail: ServiceDetail & { reason: string; externalName?: string } = {
    ...serviceDetail(
      service,
      shown.length === 0 ? 0 : Math.min(...shown.map((port) => port.ready)),
      Math.max(0, ...shown.map((port) => port.total)),
    ),
    reason,
    ...facts,
    ...(health.externalName ? { externalName: health.externalName } : {}),
  };
  return node({
    id: serviceId(service.namespace, service.name),
    kind: 'service',
    name: service.name,
    namespace: service.namespace,
    status: alarming
      ? share
        ? canaryStatus(status)
        : status
      : entry === 'unknown' && status !== 'ok'
        ? 'unknown'
        : 'ok',
    ref: serviceRef(service),
    findings: alarming
      ? [...new Set([...ports.flatMap((port) => port.findings), ...(external?.[1] ?? [])])]
      : [],
    detail,
  });
}
