/* Services of type LoadBalancer get an address after a moment, as from a cloud. */
import { type Cluster, type ControllerDefinition, own, sandboxAnnotation } from './cluster';
import type { LoadBalancerIngress, Service } from './shapes';

const PROVISION_MS = 1000;
const RETRY_MS = 60_000;

/**
 * The cloud's service controller. Annotations: `address` (an IP or a host name instead of the next
 * free one) and `load-balancer: pending` (the cloud never gets it done).
 */
export const loadBalancerController: ControllerDefinition = {
  name: 'load-balancer',
  delayMs: 10,
  watches: { services: (event) => (event.type === 'DELETED' ? [] : own(event)) },
  reconcile(cluster, namespace, name) {
    const service = cluster.get<Service>('services', namespace, name);
    if (!service || service.metadata.deletionTimestamp) return;
    drive(cluster, service, `balancer ${service.metadata.uid}`);
  },
};

function drive(cluster: Cluster, service: Service, key: string): void {
  const { namespace = '', name } = service.metadata;
  const pending = sandboxAnnotation(service, 'load-balancer') === 'pending';
  const current = service.status?.loadBalancer?.ingress ?? [];
  const isOurs = service.spec.type === 'LoadBalancer' && !service.spec.loadBalancerClass;
  if (isOurs && !pending) {
    if (current.length > 0 && !wantsOther(service, current)) return;
    if (!cluster.scheduler.has(key))
      serviceEvent(cluster, service, 'EnsuringLoadBalancer', 'Ensuring load balancer');
    cluster.scheduler.once(key, PROVISION_MS, () => provision(cluster, namespace, name));
    return;
  }
  if (current.length > 0) setAddress(cluster, service, undefined);
  if (!isOurs) cluster.scheduler.cancel(key);
  else if (!cluster.scheduler.has(key)) fail(cluster, service, key);
}

function wantsOther(service: Service, current: readonly LoadBalancerIngress[]): boolean {
  const asked = sandboxAnnotation(service, 'address');
  return asked !== undefined && !current.some((entry) => entry.ip === asked || entry.hostname === asked);
}

function provision(cluster: Cluster, namespace: string, name: string): void {
  const service = cluster.get<Service>('services', namespace, name);
  if (service?.spec.type !== 'LoadBalancer' || sandboxAnnotation(service, 'load-balancer') === 'pending')
    return;
  const used = new Set(
    cluster
      .list<Service>('services')
      .flatMap((other) =>
        other.metadata.uid === service.metadata.uid
          ? []
          : (other.status?.loadBalancer?.ingress ?? []).map((entry) => entry.ip ?? ''),
      ),
  );
  const address =
    sandboxAnnotation(service, 'address') ?? cluster.addresses.balancerAddress(`${namespace}/${name}`, used);
  if (!address) {
    const message = 'Error syncing load balancer: no address left in 203.0.113.0/24';
    serviceEvent(cluster, service, 'SyncLoadBalancerFailed', message, 'Warning');
    return;
  }
  setAddress(
    cluster,
    service,
    /^[\d.]+$|:/.test(address) ? { ip: address, ipMode: 'VIP' } : { hostname: address },
  );
  serviceEvent(cluster, service, 'EnsuredLoadBalancer', 'Ensured load balancer');
}

function fail(cluster: Cluster, service: Service, key: string): void {
  const { namespace = '', name } = service.metadata;
  serviceEvent(cluster, service, 'EnsuringLoadBalancer', 'Ensuring load balancer');
  serviceEvent(
    cluster,
    service,
    'SyncLoadBalancerFailed',
    'Error syncing load balancer: failed to ensure load balancer: quota exceeded: 0 of 5 external addresses left',
    'Warning',
  );
  cluster.scheduler.once(key, RETRY_MS, () => loadBalancerController.reconcile(cluster, namespace, name));
}

function setAddress(cluster: Cluster, service: Service, address: LoadBalancerIngress | undefined): void {
  service.status = { ...service.status, loadBalancer: address ? { ingress: [address] } : {} };
  cluster.updateStatus('services', service, 'cloud-controller-manager');
}

function serviceEvent(
  cluster: Cluster,
  service: Service,
  reason: string,
  message: string,
  type: 'Normal' | 'Warning' = 'Normal',
): void {
  cluster.event({
    about: service,
    apiVersion: 'v1',
    kind: 'Service',
    component: 'service-controller',
    reason,
    message,
    type,
  });
}
