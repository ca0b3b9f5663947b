/** What one Service contributes: itself, its pods, and, where it is exposed directly, its own way in. */
import { answers as answersOf } from '@/lib/controllers/registry';
import { type Draft, EMPTY_FRAGMENT, type Fragment } from '@/lib/diagnosis/draft';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { type PortHealth, type ServiceHealth, serviceHealth } from '@/lib/diagnosis/service-health';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import type { Service } from '@/lib/kube/objects';
import { splitKey } from '@/lib/kube/refs';
import type { Query, Reader } from '@/lib/state/query-engine';
import { controllerById } from '@/lib/topology/controllers';
import type { ServiceDetail } from '@/lib/topology/details';
import { isExposed } from '@/lib/topology/entries';
import { controllerServices } from '@/lib/topology/exposure';
import { type HostRule, liveRules } from '@/lib/topology/hosts';
import { hostId, serviceId } from '@/lib/topology/ids';
import { serviceHosts } from '@/lib/topology/indexes';
import type { Affected, Status, TopologyNode } from '@/lib/topology/model';
import { members, object } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';
import { worst } from '@/lib/topology/status';
import { balancerParts } from './balancer';
import { endpointParts } from './endpoints';
import { node } from './parts';

/** The fragment of the Service with key `NS/NAME`; empty where no entry reaches it. */
export const serviceFragment: Query<Fragment> = {
  name: 'service-fragment',
  level: 6,
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
  const ports = usedPorts(service, health, live, direct);
  const drafts = alarming ? relevant(health.drafts, ports) : [];
  const endpoints = endpointParts(read, key, service, health, ports, alarming);
  const balancer = direct ? balancerParts(read, service, health) : EMPTY_FRAGMENT;
  const harmed = harmedBy(read, key, live, direct ? service : null);
  return {
    nodes: [serviceNode(service, health, ports, alarming), ...endpoints.nodes, ...balancer.nodes],
    edges: [...endpoints.edges, ...balancer.edges],
    findings: [...drafts.map((found) => withHarm(found, harmed, service)), ...balancer.findings],
  };
}

/** Ports that some rule or load balancer uses: the others carry no traffic from outside. */
function usedPorts(
  service: Service,
  health: ServiceHealth,
  live: readonly HostRule[],
  direct: boolean,
): readonly PortHealth[] {
  if (direct)
    return health.ports.filter((port) =>
      service.ports.some((p) => p.port === port.port && p.protocol !== 'UDP'),
    );
  const named = live.map(({ rule }) => rule.port);
  return health.ports.filter((port) =>
    named.some(
      (name) => name === port.port || name === port.name || String(name) === String(port.targetPort),
    ),
  );
}

function relevant(drafts: readonly Draft[], ports: readonly PortHealth[]): readonly Draft[] {
  const wanted = new Set(ports.flatMap((port) => port.findings));
  return drafts.filter((found) => wanted.has(found.id));
}

function serviceNode(
  service: Service,
  health: ServiceHealth,
  ports: readonly PortHealth[],
  alarming: boolean,
): TopologyNode {
  const statuses: Status[] = ports.map((port) => port.status);
  if (health.externalName) statuses.push('unknown');
  const shown = ports.length > 0 ? ports : health.ports;
  const detail: ServiceDetail & { reason: string; externalName?: string } = {
    type: service.type,
    ports: service.ports.map(({ name, port, targetPort, nodePort }) => ({
      name,
      port,
      targetPort,
      nodePort,
    })),
    selector: service.selector,
    ready: shown.length === 0 ? 0 : Math.min(...shown.map((port) => port.ready)),
    total: Math.max(0, ...shown.map((port) => port.total)),
    reason: health.reason,
    ...(health.externalName ? { externalName: health.externalName } : {}),
  };
  return node({
    id: serviceId(service.namespace, service.name),
    kind: 'service',
    name: service.name,
    namespace: service.namespace,
    status: alarming ? worst(statuses) : 'ok',
    ref: serviceRef(service),
    findings: alarming ? [...new Set(ports.flatMap((port) => port.findings))] : [],
    detail,
  });
}

interface Harm {
  readonly affects: readonly Affected[];
  readonly rules: readonly HostRule[];
}

/** Rules (and direct hosts) that lead to the Service, with the answer of the controller in charge. */
function harmedBy(read: Reader, key: string, live: readonly HostRule[], direct: Service | null): Harm {
  const affects: Affected[] = live.map(({ ingress, rule }) => {
    const lead = read.query(serving, ingress).controllers[0];
    const controller = lead === undefined ? undefined : controllerById(read, lead);
    const answer = controller
      ? answersOf(controller.type, controller.recognised ?? undefined).noEndpoints
      : null;
    return { host: rule.hostId, rule: rule.id, answer };
  });
  if (direct) {
    const { namespace, name } = splitKey(key);
    const hosts = serviceHosts(direct);
    for (const host of hosts.length > 0 ? hosts : [''])
      affects.push({ host: hostId(host), rule: serviceId(namespace, name), answer: null });
  }
  return { affects, rules: live };
}

function withHarm(found: Draft, harm: Harm, service: Service): Draft {
  if (found.state === 'unknown' || found.severity === 'info' || found.severity === 'warning')
    return { ...found, affects: harm.affects.map((a) => ({ ...a, answer: null })) };
  const partly = found.severity === 'degraded';
  const answer = harm.affects.find((entry) => entry.answer !== null)?.answer ?? null;
  const otherwise = `Service ${service.name} → ${partly ? 'partly down' : 'no answer'}`;
  const title = symptomTitle(
    harm.rules.map(({ rule }) => rule),
    partly ? 'fewer pods' : (answer ?? 'fails'),
    otherwise,
  );
  return {
    ...found,
    title,
    affects: partly ? harm.affects.map((a) => ({ ...a, answer: null })) : harm.affects,
  };
}
