/** What a Service can serve, port by port, and why not: rule → Service → endpoints → pods → workload. */
import type { Service, ServicePort } from '@/lib/kube/objects';
import type { Query, Reader } from '@/lib/state/query-engine';
import {
  endpointsOfPort,
  type JoinedEndpoint,
  readEndpoints,
  type ServiceEndpoints,
} from '@/lib/topology/endpoints';
import type { Status } from '@/lib/topology/model';
import { known, object } from '@/lib/topology/reads';
import { emptyFindings } from './checks/empty-endpoints';
import { notReadyFindings, partlyReadyFindings } from './checks/not-ready';
import type { Draft } from './draft';
import type { PortContext, PortFinding } from './port-context';

export interface PortHealth {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly total: number;
  readonly ready: number;
  readonly status: Status;
  /** Ids of the findings that explain the status, symptom first. */
  readonly findings: readonly string[];
}

export interface ServiceHealth {
  readonly state: 'exists' | 'missing' | 'unknown';
  /** Why it is unknown; empty otherwise. */
  readonly reason: string;
  readonly externalName: string;
  readonly ports: readonly PortHealth[];
  /** Findings without `affects`: who is harmed is known to the fragments. */
  readonly drafts: readonly Draft[];
}

/** Health of the Service with key `NS/NAME`. */
export const serviceHealth: Query<ServiceHealth> = {
  name: 'service-health',
  level: 3,
  compute: (read, key) => {
    const service = object(read, 'services', key);
    const none = { externalName: '', ports: [], drafts: [], reason: '' };
    if (!service) {
      const seen = known(read, 'services');
      return seen.known ? { ...none, state: 'missing' } : { ...none, state: 'unknown', reason: seen.reason };
    }
    if (service.type === 'ExternalName')
      return { ...none, state: 'exists', externalName: service.externalName };
    const seen = known(read, 'endpointslices');
    if (!seen.known)
      return {
        ...none,
        state: 'exists',
        reason: seen.reason,
        ports: service.ports.map((port) => unknownPort(port)),
      };
    return { ...none, state: 'exists', ...portsHealth(read, key, service) };
  },
};

function unknownPort(port: ServicePort): PortHealth {
  return {
    name: port.name,
    port: port.port,
    targetPort: port.targetPort,
    total: 0,
    ready: 0,
    status: 'unknown',
    findings: [],
  };
}

function portsHealth(read: Reader, key: string, service: Service): Pick<ServiceHealth, 'ports' | 'drafts'> {
  const endpoints = readEndpoints(read, key);
  const drafts = new Map<string, Draft>();
  const ports = service.ports.map((port) => {
    const health = portHealth(read, service, port, endpoints);
    for (const found of health.drafts) drafts.set(found.id, found);
    return health.port;
  });
  return { ports, drafts: [...drafts.values()] };
}

function portHealth(
  read: Reader,
  service: Service,
  port: ServicePort,
  all: ServiceEndpoints,
): { port: PortHealth; drafts: readonly Draft[] } {
  const alive = endpointsOfPort(all, port.name).filter((endpoint) => !endpoint.terminating);
  const ready = alive.filter((endpoint) => isReady(read, service, endpoint)).length;
  const base = { name: port.name, port: port.port, targetPort: port.targetPort, total: alive.length, ready };
  const context: PortContext = { service, port, endpoints: all, alive, ready };
  const found =
    ready === 0
      ? nothingReady(read, context)
      : ready < alive.length
        ? partlyReadyFindings(read, context)
        : OK;
  return {
    port: { ...base, status: found.status, findings: found.drafts.map((entry) => entry.id) },
    drafts: found.drafts,
  };
}

const OK: PortFinding = { status: 'ok', drafts: [] };

function nothingReady(read: Reader, context: PortContext): PortFinding {
  return context.alive.length === 0 ? emptyFindings(read, context) : notReadyFindings(read, context);
}

/** publishNotReadyAddresses makes every endpoint ready: there the Pod's own readiness counts (TRUTH "What must not stay green"). */
function isReady(read: Reader, service: Service, endpoint: JoinedEndpoint): boolean {
  if (!endpoint.ready) return false;
  if (!service.publishNotReadyAddresses || endpoint.pod === null) return true;
  const pod = object(read, 'pods', endpoint.pod);
  return pod?.conditions.find((condition) => condition.type === 'Ready')?.status !== 'False';
}
