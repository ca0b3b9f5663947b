/** Whether what stands before a controller or a Service can be reached and leads on. */
import type { Service } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import type { Query, Reader } from '@/lib/state/cells';
import { type Controller, controllers } from '@/lib/topology/controllers';
import { exposure, type LoadBalancer, serviceLoadBalancer } from '@/lib/topology/exposure';
import type { Status } from '@/lib/topology/model';
import { object } from '@/lib/topology/reads';
import { worst } from '@/lib/topology/status';
import { balancerNameUnresolved } from './checks/balancer-name';
import { serviceWithoutEndpoints, targetPortMismatch } from './checks/controller-service';
import { loadBalancerPending } from './checks/exposure';
import { classUnhandled, nodePortsDisabled, serviceSubject, statusPortError } from './checks/load-balancer';
import { serviceSyncError } from './checks/load-balancer-events';
import { proxyProtocolMismatch } from './checks/proxy-protocol';
import type { Draft } from './draft';
import { serviceHealth } from './service-health';

export interface BalancerHealth {
  readonly status: Status;
  /** Symptom first. */
  readonly drafts: readonly Draft[];
}

const FINE: BalancerHealth = { status: 'ok', drafts: [] };

/** Of the load balancer or node port that the Service with key `NS/NAME` is. */
export const serviceBalancerHealth: Query<BalancerHealth> = {
  name: 'service-balancer-health',
  level: 4,
  compute: (read, key) => {
    const service = object(read, 'services', key);
    return service ? healthOf(read, service) : FINE;
  },
};

function healthOf(read: Reader, service: Service): BalancerHealth {
  const lb = serviceLoadBalancer(read, service);
  const own = lb.pending ? pendingHealth(read, service, lb) : addressedHealth(read, service);
  const way = wayHealth(read, controllersBehind(read, service), service);
  return { status: worst([own.status, way.status]), drafts: [...own.drafts, ...way.drafts] };
}

/** No address: and why, as far as somebody says it. */
function pendingHealth(read: Reader, service: Service, lb: LoadBalancer): BalancerHealth {
  const { draft, status } = loadBalancerPending(read, lb);
  const causes = [classUnhandled(read, service), serviceSyncError(read, service)].filter(
    (found) => found !== null,
  );
  if (!draft) return { status, drafts: causes };
  return { status, drafts: [{ ...draft, cause: causes[0]?.id ?? null }, ...causes] };
}

function addressedHealth(read: Reader, service: Service): BalancerHealth {
  const failed = statusPortError(service);
  const lost = balancerNameUnresolved(read, serviceSubject(service), service.addresses);
  const drafts = [failed, lost, serviceSyncError(read, service), nodePortsDisabled(service)].filter(
    (found) => found !== null,
  );
  // What could not be brought up to date goes on as it was: only what fails by itself is worth a colour.
  return { status: lost?.severity === 'broken' ? 'broken' : failed ? 'degraded' : 'ok', drafts };
}

/** From the Service to the pods of the controllers behind it. */
function wayHealth(read: Reader, behind: readonly Controller[], service: Service): BalancerHealth {
  if (behind.length === 0) return FINE;
  const mismatch = targetPortMismatch(read, behind, service);
  const empty = serviceWithoutEndpoints(read, behind, service, mismatch);
  const proxy = behind.map((controller) => proxyProtocolMismatch(read, controller, service));
  const drafts = [empty, mismatch, ...proxy.slice(0, 1)].filter((found) => found !== null);
  const statuses = drafts.map(
    ({ severity }): Status => (severity === 'broken' || severity === 'degraded' ? severity : 'ok'),
  );
  return { status: worst([...statuses, isUnseen(read, service) ? 'unknown' : 'ok']), drafts };
}

/** Nobody stands behind it as far as can be seen, and not enough can be seen to say so. */
function isUnseen(read: Reader, service: Service): boolean {
  const { ports } = read.query(serviceHealth, objectKey(service.namespace, service.name));
  return ports.length > 0 && ports.every(({ status }) => status === 'unknown');
}

function controllersBehind(read: Reader, service: Service): readonly Controller[] {
  const key = objectKey(service.namespace, service.name);
  return read
    .query(controllers, '')
    .filter(({ id, workload }) => workload !== null && read.query(exposure, id).services.includes(key));
}

/** Status and findings of one way in. */
export function balancerHealth(read: Reader, lb: LoadBalancer): BalancerHealth & { readonly id: string } {
  if (lb.service !== null) return { id: lb.id, ...read.query(serviceBalancerHealth, lb.service) };
  return { id: lb.id, status: lb.pending ? 'pending' : 'ok', drafts: [] };
}
