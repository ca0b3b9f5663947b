/** What a Service can serve, port by port, and why not: rule → Service → endpoints → pods → workload. */
import { kept } from '@/lib/kube/kept';
import type { Service, ServicePort } from '@/lib/kube/objects';
import type { Query, Reader } from '@/lib/state/cells';
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
  readonly protocol: string;
  readonly targetPort: number | string;
  readonly total: number;
  readonly ready: number;
  readonly status: Status;
  /** Why it is unknown; empty otherwise. */
  readonly reason: string;
  /** Nobody is ready, but pods that shut down still serve. */
  readonly draining: boolean;
  /** Ids of the findings that explain the status, symptom first. */
  readonly findings: readonly string[];
}

export interface ServiceHealth {
  readonly state: 'exists' | 'missing' | 'unknown';
  /** Why it is unknown; empty otherwise. */
  readonly reason: string;
  readonly externalName: string;
  /** Requests reach pods that are not ready: what they answer is not known. */
  readonly publishesUnready: boolean;
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
    const none = { externalName: '', ports: [], drafts: [], reason: '', publishesUnready: false };
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
    return {
      ...none,
      state: 'exists',
      publishesUnready: service.publishNotReadyAddresses,
      ...portsHealth(read, key, service),
    };
  },
};

function unknownPort(port: ServicePort): PortHealth {
  return {
    name: port.name,
    port: port.port,
    protocol: port.protocol,
    targetPort: port.targetPort,
    total: 0,
    ready: 0,
    status: 'unknown',
    reason: '',
    draining: false,
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
  const here = endpointsOfPort(all, port.name);
  const alive = kept(here, (endpoint) => !endpoint.terminating);
  const readiness = alive.map((endpoint) => isReady(read, service, endpoint));
  const ready = readiness.filter((state) => state === 'yes').length;
  const draining = alive.length === 0 && here.some((endpoint) => endpoint.serving);
  const context: PortContext = { service, port, endpoints: all, alive, ready, draining };
  const found = readiness.includes('unknown') ? UNSEEN : judgeReady(read, context);
  const base = { name: port.name, port: port.port, protocol: port.protocol, targetPort: port.targetPort };
  return {
    port: {
      ...base,
      total: alive.length,
      ready,
      draining,
      status: found.status,
      reason: found.reason ?? '',
      findings: found.drafts.map((entry) => entry.id),
    },
    drafts: found.drafts,
  };
}

const OK: PortFinding = { status: 'ok', drafts: [] };
const UNSEEN: PortFinding = {
  status: 'unknown',
  drafts: [],
  reason: 'it publishes addresses that are not ready, and the readiness of its pods cannot be read',
};

function judgeReady(read: Reader, context: PortContext): PortFinding {
  const { alive, ready } = context;
  if (alive.length === 0) return emptyFindings(read, context);
  if (ready === 0) return notReadyFindings(read, context);
  return ready < alive.length ? partlyReadyFindings(read, context) : OK;
}

/** publishNotReadyAddresses makes every endpoint ready: there the Pod's own readiness counts (TRUTH "What must not stay green"). */
function isReady(read: Reader, service: Service, endpoint: JoinedEndpoint): 'yes' | 'no' | 'unknown' {
  if (!endpoint.ready) return 'no';
  if (!service.publishNotReadyAddresses || endpoint.pod === null) return 'yes';
  const pod = object(read, 'pods', endpoint.pod);
  if (!pod) return known(read, 'pods').known ? 'no' : 'unknown';
  return pod.conditions.find((condition) => condition.type === 'Ready')?.status === 'True' ? 'yes' : 'no';
}
