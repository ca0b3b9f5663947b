/* Services of type LoadBalancer get an address after a moment, as from a cloud. */
import { type Cluster, type ControllerDefinition, own, sandboxAnnotation } from './cluster'
import { randomSuffix } from './hashing'
import type { LoadBalancerIngress, Service } from './shapes'

const PROVISION_MS = 1000
const RETRY_MS = 60_000
const FIRST_NODE_PORT = 30_000
const NODE_PORTS = 2768

/**
 * The cloud's service controller. Annotations: `address` (an IP or a host name instead of the next
 * free one) and `load-balancer: pending` (the cloud never gets it done).
 */
export const loadBalancerController: ControllerDefinition = {
  name: 'load-balancer',
  delayMs: 10,
  watches: { services: (event) => (event.type === 'DELETED' ? [] : own(event)) },
  reconcile(cluster, namespace, name) {
    const service = cluster.get<Service>('services', namespace, name)
    if (!service || service.metadata.deletionTimestamp) return
    if (allocate(cluster, service)) return
    const key = `balancer ${service.metadata.uid}`
    const pending = sandboxAnnotation(service, 'load-balancer') === 'pending'
    const current = service.status?.loadBalancer?.ingress ?? []
    if (service.spec.type !== 'LoadBalancer' || service.spec.loadBalancerClass) {
      cluster.scheduler.cancel(key)
      if (current.length > 0) setAddress(cluster, service, undefined)
    } else if (pending) {
      if (current.length > 0) setAddress(cluster, service, undefined)
      if (!cluster.scheduler.has(key)) fail(cluster, service, key)
    } else if (current.length === 0 || wantsOther(service, current)) {
      if (!cluster.scheduler.has(key)) serviceEvent(cluster, service, 'EnsuringLoadBalancer', 'Ensuring load balancer')
      cluster.scheduler.once(key, PROVISION_MS, () => provision(cluster, namespace, name))
    }
  },
}

function wantsOther(service: Service, current: readonly LoadBalancerIngress[]): boolean {
  const asked = sandboxAnnotation(service, 'address')
  return asked !== undefined && !current.some((entry) => entry.ip === asked || entry.hostname === asked)
}

function provision(cluster: Cluster, namespace: string, name: string): void {
  const service = cluster.get<Service>('services', namespace, name)
  if (!service || service.spec.type !== 'LoadBalancer' || sandboxAnnotation(service, 'load-balancer') === 'pending') return
  const used = new Set(
    cluster.list<Service>('services').flatMap((other) => (other.metadata.uid === service.metadata.uid ? [] : (other.status?.loadBalancer?.ingress ?? []).map((entry) => entry.ip ?? ''))),
  )
  const address = sandboxAnnotation(service, 'address') ?? cluster.addresses.balancerAddress(`${namespace}/${name}`, used)
  if (!address) return serviceEvent(cluster, service, 'SyncLoadBalancerFailed', 'Error syncing load balancer: no address left in 203.0.113.0/24', 'Warning')
  setAddress(cluster, service, /^[\d.]+$|:/.test(address) ? { ip: address, ipMode: 'VIP' } : { hostname: address })
  serviceEvent(cluster, service, 'EnsuredLoadBalancer', 'Ensured load balancer')
}

function fail(cluster: Cluster, service: Service, key: string): void {
  const { namespace = '', name } = service.metadata
  serviceEvent(cluster, service, 'EnsuringLoadBalancer', 'Ensuring load balancer')
  serviceEvent(cluster, service, 'SyncLoadBalancerFailed', 'Error syncing load balancer: failed to ensure load balancer: quota exceeded: 0 of 5 external addresses left', 'Warning')
  cluster.scheduler.once(key, RETRY_MS, () => loadBalancerController.reconcile(cluster, namespace, name))
}

function setAddress(cluster: Cluster, service: Service, address: LoadBalancerIngress | undefined): void {
  service.status = { ...service.status, loadBalancer: address ? { ingress: [address] } : {} }
  cluster.updateStatus('services', service, 'cloud-controller-manager')
}

function serviceEvent(cluster: Cluster, service: Service, reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal'): void {
  cluster.event({ about: service, apiVersion: 'v1', kind: 'Service', component: 'service-controller', reason, message, type })
}

/** Cluster IP and node ports where the way in left them out (objects that never passed the API). */
function allocate(cluster: Cluster, service: Service): boolean {
  const { spec } = service
  const type = spec.type ?? 'ClusterIP'
  let changed = false
  if (type !== 'ExternalName' && !spec.clusterIP) {
    spec.clusterIP = freeClusterAddress(cluster)
    spec.clusterIPs = [spec.clusterIP]
    changed = true
  }
  if (type === 'NodePort' || type === 'LoadBalancer') {
    for (const port of spec.ports ?? []) {
      if (port.nodePort || spec.allocateLoadBalancerNodePorts === false) continue
      port.nodePort = freeNodePort(cluster, spec.ports)
      changed = true
    }
  }
  if (changed) cluster.update('services', service, 'kube-apiserver')
  return changed
}

function freeClusterAddress(cluster: Cluster): string {
  const used = new Set(cluster.list<Service>('services').map((service) => service.spec.clusterIP))
  for (let index = 20; ; index++) {
    const address = `10.96.${Math.floor(index / 250)}.${(index % 250) + 1}`
    if (!used.has(address)) return address
  }
}

function freeNodePort(cluster: Cluster, own_: Service['spec']['ports'] = []): number {
  const ports = [...cluster.list<Service>('services').flatMap((service) => service.spec.ports ?? []), ...own_]
  const used = new Set(ports.map((port) => port.nodePort))
  let port = FIRST_NODE_PORT + [...randomSuffix(4)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % NODE_PORTS, 7)
  while (used.has(port)) port = FIRST_NODE_PORT + ((port + 1 - FIRST_NODE_PORT) % NODE_PORTS)
  return port
}
