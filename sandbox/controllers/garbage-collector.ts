/* Deletes what a deleted owner leaves behind, and empties namespaces that are being deleted. */
import { type Cluster, type ControllerDefinition, own } from './cluster'
import type { KubeObject } from './shapes'

/** Resources that can be owned, in the order in which a cascade goes. */
const DEPENDENTS = [
  'replicasets.apps',
  'pods',
  'endpointslices.discovery.k8s.io',
  'jobs.batch',
  'persistentvolumeclaims',
  'services',
  'configmaps',
  'secrets',
] as const
const OWNERS = ['deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'daemonsets.apps', 'services', 'jobs.batch', 'cronjobs.batch', 'pods'] as const
const NAMESPACE_RETRY_MS = 500

/** Watches owners go and takes their dependents with them (background, foreground or orphan). */
export function startGarbageCollector(cluster: Cluster): () => void {
  const owners = new Set<string>(OWNERS)
  return cluster.storage.onChange((event) => {
    if (!owners.has(event.resource)) return
    const object = event.object as KubeObject
    const finalizers = object.metadata.finalizers ?? []
    if (event.type === 'DELETED') {
      cluster.scheduler.after(20, () => cascade(cluster, object))
      // The deprecated Endpoints have no owner reference; their controller deletes them by name.
      if (event.resource === 'services') cluster.scheduler.after(20, () => dropEndpoints(cluster, object))
    } else if (object.metadata.deletionTimestamp && finalizers.includes('foregroundDeletion')) {
      cluster.scheduler.once(`foreground ${object.metadata.uid}`, 20, () => foreground(cluster, event.resource, object))
    } else if (object.metadata.deletionTimestamp && finalizers.includes('orphan')) {
      cluster.scheduler.after(20, () => orphan(cluster, event.resource, object))
    }
  })
}

function dependentsOf(cluster: Cluster, owner: KubeObject): { resource: string; object: KubeObject }[] {
  return DEPENDENTS.flatMap((resource) =>
    cluster
      .list<KubeObject>(resource, owner.metadata.namespace)
      .filter((object) => object.metadata.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid))
      .map((object) => ({ resource, object })),
  )
}

function cascade(cluster: Cluster, owner: KubeObject): void {
  for (const { resource, object } of dependentsOf(cluster, owner)) discard(cluster, resource, object)
}

function dropEndpoints(cluster: Cluster, service: KubeObject): void {
  const { namespace, name } = service.metadata
  if (!cluster.storage.get('services', namespace, name)) cluster.remove('endpoints', namespace, name)
}

function discard(cluster: Cluster, resource: string, object: KubeObject): void {
  const { namespace, name } = object.metadata
  if (resource !== 'pods') return cluster.remove(resource, namespace, name)
  const grace = (object.spec as { terminationGracePeriodSeconds?: number } | undefined)?.terminationGracePeriodSeconds
  cluster.terminate('pods', namespace ?? 'default', name, grace ?? 30)
}

function foreground(cluster: Cluster, resource: string, owner: KubeObject): void {
  const rest = dependentsOf(cluster, owner)
  for (const { resource: kind, object } of rest) if (!object.metadata.deletionTimestamp) discard(cluster, kind, object)
  if (rest.length === 0) return dropFinalizer(cluster, resource, owner, 'foregroundDeletion')
  cluster.scheduler.once(`foreground ${owner.metadata.uid}`, 200, () => foreground(cluster, resource, owner))
}

function orphan(cluster: Cluster, resource: string, owner: KubeObject): void {
  for (const { resource: kind, object } of dependentsOf(cluster, owner)) {
    const copy = structuredClone(object)
    copy.metadata.ownerReferences = copy.metadata.ownerReferences?.filter((reference) => reference.uid !== owner.metadata.uid) ?? []
    cluster.update(kind, copy)
  }
  dropFinalizer(cluster, resource, owner, 'orphan')
}

function dropFinalizer(cluster: Cluster, resource: string, owner: KubeObject, finalizer: string): void {
  const fresh = cluster.get<KubeObject>(resource, owner.metadata.namespace, owner.metadata.name)
  if (!fresh || fresh.metadata.uid !== owner.metadata.uid) return
  fresh.metadata.finalizers = (fresh.metadata.finalizers ?? []).filter((entry) => entry !== finalizer)
  cluster.update(resource, fresh)
}

/** Namespaces: a default ServiceAccount and root certificate when they come, emptied when they go. */
export const namespaceController: ControllerDefinition = {
  name: 'namespace',
  delayMs: 0,
  watches: { namespaces: (event) => (event.type === 'DELETED' ? [] : own(event)) },
  reconcile(cluster, _namespace, name) {
    const namespace = cluster.get<KubeObject>('namespaces', undefined, name)
    if (!namespace) return
    if (namespace.metadata.deletionTimestamp) return empty(cluster, name)
    if (!cluster.storage.get('serviceaccounts', name, 'default'))
      cluster.create('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } })
    if (!cluster.storage.get('configmaps', name, 'kube-root-ca.crt'))
      cluster.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt', namespace: name }, data: { 'ca.crt': '' } })
    if ((namespace.status as { phase?: string } | undefined)?.phase !== 'Active') cluster.updateStatus('namespaces', { ...namespace, status: { phase: 'Active' } })
  },
}

function empty(cluster: Cluster, name: string): void {
  let left = 0
  for (const info of cluster.storage.resources()) {
    if (!info.namespaced) continue
    const resource = info.group ? `${info.resource}.${info.group}` : info.resource
    for (const object of [...cluster.list<KubeObject>(resource, name)]) {
      left++
      if (!object.metadata.deletionTimestamp) discard(cluster, resource, object)
    }
  }
  if (left > 0) return cluster.scheduler.once(`empty ${name}`, NAMESPACE_RETRY_MS, () => empty(cluster, name))
  const namespace = cluster.get<KubeObject>('namespaces', undefined, name)
  if (!namespace?.metadata.deletionTimestamp) return
  namespace.metadata.finalizers = []
  cluster.update('namespaces', namespace)
  cluster.remove('namespaces', undefined, name)
}
