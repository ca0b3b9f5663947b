/* Services → EndpointSlices and v1 Endpoints. */
import { type Cluster, type ControllerDefinition, controlledBy, hasLabels, own } from './cluster';
import { randomSuffix } from './hashing';
import type { EndpointSlice, KubeObject, Labels, Pod, Service } from './shapes';
import { type PortGroup, planSlices, portGroups } from './slice-plan';

const SLICES = 'endpointslices.discovery.k8s.io';
const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const ENDPOINTS_MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
const CONTROLLER = 'endpointslice-controller.k8s.io';

/** Keeps the EndpointSlices and Endpoints of every Service with a selector. */
export const endpointSliceController: ControllerDefinition = {
  name: 'endpointslice',
  delayMs: 30,
  watches: {
    services: own,
    pods: (event, cluster) => servicesOf(event, cluster),
    [SLICES]: (event) => {
      const service = event.object.metadata.labels?.[SERVICE_NAME];
      return event.type === 'ADDED' || !service ? [] : [`${event.object.metadata.namespace}/${service}`];
    },
  },
  reconcile(cluster, namespace, name) {
    const service = cluster.get<Service>('services', namespace, name);
    // Endpoints have no owner: they go with their Service by name.
    if (
      !service &&
      cluster.storage.get('endpoints', namespace, name)?.metadata.labels?.[ENDPOINTS_MANAGED_BY]
    )
      cluster.remove('endpoints', namespace, name);
    if (!service || service.metadata.deletionTimestamp) return;
    if (!service.spec.selector || service.spec.type === 'ExternalName')
      return dropManaged(cluster, namespace, name);
    const groups = portGroups(service, cluster.list<Pod>('pods', namespace));
    writeSlices(cluster, service, groups);
    writeEndpoints(cluster, service, groups);
  },
};

function servicesOf(
  event: {
    object: { metadata: { namespace?: string; labels?: Labels } };
    old?: { metadata: { labels?: Labels } };
  },
  cluster: Cluster,
): string[] {
  const labelSets = [event.object.metadata.labels, event.old?.metadata.labels];
  const selected = cluster
    .list<Service>('services', event.object.metadata.namespace)
    .filter(
      (service) =>
        service.spec.selector && labelSets.some((labels) => hasLabels(labels, service.spec.selector ?? {})),
    );
  return selected.map((service) => `${service.metadata.namespace}/${service.metadata.name}`);
}

function managedSlices(cluster: Cluster, namespace: string, service: string): EndpointSlice[] {
  const wanted = { [SERVICE_NAME]: service, [MANAGED_BY]: CONTROLLER };
  return cluster
    .list<EndpointSlice>(SLICES, namespace)
    .filter((slice) => hasLabels(slice.metadata.labels, wanted));
}

function dropManaged(cluster: Cluster, namespace: string, service: string): void {
  for (const slice of managedSlices(cluster, namespace, service))
    cluster.remove(SLICES, namespace, slice.metadata.name);
}

function writeSlices(cluster: Cluster, service: Service, groups: readonly PortGroup[]): void {
  const { namespace = '', name } = service.metadata;
  const existing = managedSlices(cluster, namespace, name);
  const plans = planSlices(groups, existing);
  const kept = new Set(plans.map((plan) => plan.name));
  for (const plan of plans) {
    const stored = plan.name ? cluster.get<EndpointSlice>(SLICES, namespace, plan.name) : undefined;
    const slice: EndpointSlice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      metadata: stored?.metadata ?? {
        name: `${name}-${randomSuffix()}`,
        generateName: `${name}-`,
        namespace,
        labels: sliceLabels(service),
        ownerReferences: controlledBy(service, 'v1', 'Service'),
      },
      endpoints: structuredClone(plan.endpoints) as EndpointSlice['endpoints'],
      ports: plan.endpoints.length > 0 ? (structuredClone(plan.ports) as EndpointSlice['ports']) : null,
    };
    if (stored)
      cluster.update(SLICES, { ...slice, metadata: { ...slice.metadata, labels: sliceLabels(service) } });
    else cluster.create(SLICES, slice);
  }
  for (const slice of existing)
    if (!kept.has(slice.metadata.name)) cluster.remove(SLICES, namespace, slice.metadata.name);
}

function sliceLabels(service: Service): Labels {
  const headless: Labels = service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
  return {
    ...service.metadata.labels,
    ...headless,
    [SERVICE_NAME]: service.metadata.name,
    [MANAGED_BY]: CONTROLLER,
  };
}

function writeEndpoints(cluster: Cluster, service: Service, groups: readonly PortGroup[]): void {
  const { namespace = '', name } = service.metadata;
  const subsets = groups.map((group) => {
    const address = (endpoint: PortGroup['endpoints'][number]): Record<string, unknown> => ({
      ip: endpoint.addresses[0],
      ...(endpoint.hostname ? { hostname: endpoint.hostname } : {}),
      ...(endpoint.nodeName ? { nodeName: endpoint.nodeName } : {}),
      targetRef: endpoint.targetRef,
    });
    // v1 Endpoints leave out terminating pods altogether.
    const living = group.endpoints.filter((endpoint) => !endpoint.conditions.terminating);
    const addresses = living.filter((endpoint) => endpoint.conditions.ready).map(address);
    const notReadyAddresses = living.filter((endpoint) => !endpoint.conditions.ready).map(address);
    const ports = group.ports.map(({ name: portName, ...port }) => ({
      ...(portName ? { name: portName } : {}),
      ...port,
    }));
    return {
      ...(addresses.length ? { addresses } : {}),
      ...(notReadyAddresses.length ? { notReadyAddresses } : {}),
      ports,
    };
  });
  const filled = subsets.filter((subset) => 'addresses' in subset || 'notReadyAddresses' in subset);
  const stored = cluster.get<KubeObject>('endpoints', namespace, name);
  const labels = { ...service.metadata.labels, [ENDPOINTS_MANAGED_BY]: 'endpoint-controller' };
  const { subsets: _, ...rest } = stored ?? {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace },
  };
  const next: KubeObject = {
    ...rest,
    metadata: { ...rest.metadata, labels },
    ...(filled.length ? { subsets: structuredClone(filled) } : {}),
  };
  if (stored) cluster.update('endpoints', next);
  else cluster.create('endpoints', next);
}
