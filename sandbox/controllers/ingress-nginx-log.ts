/* What ingress-nginx complains of in its log, made of what is wrong in the cluster now. */
import type { Cluster } from './cluster';
import type { EndpointSlice, Ingress } from './shapes';

const SLICES = 'endpointslices.discovery.k8s.io';
const MOST = 20;
/** Of a generated cluster with thousands a part must do: each request for a log looks anew. */
const MOST_LOOKED_AT = 200;

/** `W0101 12:00:00.000000       7 controller.go:1110] ` */
function klog(time: number, place: string): string {
  const date = new Date(time).toISOString();
  return `W${date.slice(5, 7)}${date.slice(8, 10)} ${date.slice(11, 23)}000       7 ${place}] `;
}

/** The lines of one synchronisation of a controller of class nginx, as v1.15 writes them. */
export function ingressNginxComplaints(cluster: Cluster, time: number): readonly string[] {
  const lines = new Set<string>();
  for (const ingress of cluster.list<Ingress>('ingresses.networking.k8s.io').slice(0, MOST_LOOKED_AT)) {
    if (ingress.spec?.ingressClassName !== 'nginx') continue;
    for (const name of servicesOf(ingress))
      lines.add(ofService(cluster, ingress.metadata.namespace ?? '', name, time));
    for (const { secretName } of ingress.spec.tls ?? []) {
      if (!secretName || cluster.get('secrets', ingress.metadata.namespace ?? '', secretName)) continue;
      const secret = `${ingress.metadata.namespace}/${secretName}`;
      lines.add(
        `${klog(time, 'controller.go:1334')}Error getting SSL certificate "${secret}": local SSL certificate ${secret} was not found. Using default certificate`,
      );
    }
  }
  lines.delete('');
  return [...lines].slice(0, MOST);
}

function servicesOf(ingress: Ingress): readonly string[] {
  const paths = (ingress.spec?.rules ?? []).flatMap((rule) => rule.http?.paths ?? []);
  const backends = [ingress.spec?.defaultBackend, ...paths.map(({ backend }) => backend)];
  return backends.flatMap((backend) => backend?.service?.name ?? []);
}

function ofService(cluster: Cluster, namespace: string, name: string, time: number): string {
  const key = `${namespace}/${name}`;
  if (!cluster.get('services', namespace, name))
    return `${klog(time, 'controller.go:1110')}Error obtaining Endpoints for Service "${key}": no object matching key "${key}" in local store`;
  const isReady = cluster
    .list<EndpointSlice>(SLICES, namespace)
    .some(
      (slice) =>
        slice.metadata.labels?.['kubernetes.io/service-name'] === name &&
        slice.endpoints.some((endpoint) => endpoint.conditions?.ready !== false),
    );
  return isReady
    ? ''
    : `${klog(time, 'controller.go:1216')}Service "${key}" does not have any active Endpoint.`;
}
