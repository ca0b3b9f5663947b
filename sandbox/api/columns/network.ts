// The columns of Services, endpoints, Ingresses and network policies.
import { array, at, number, record, text } from '../json';
import type { Column, KubeObject } from '../types';
import { AGE, column, list, NAME, NONE, pairs, pathColumn, selectorText } from './format';

function addresses(object: KubeObject): string {
  return array(at(object, 'status', 'loadBalancer', 'ingress'))
    .map((entry) => text(at(entry, 'ip')) || text(at(entry, 'hostname')))
    .filter(Boolean)
    .join(',');
}

function externalIp(service: KubeObject): string {
  const fixed = array(at(service, 'spec', 'externalIPs')).map(String);
  const type = at(service, 'spec', 'type');
  if (type === 'ExternalName') return text(at(service, 'spec', 'externalName'), NONE);
  if (type !== 'LoadBalancer') return list(fixed);
  const all = [addresses(service), ...fixed].filter(Boolean).join(',');
  return all === '' ? '<pending>' : all;
}

function servicePorts(service: KubeObject): string {
  return list(
    array(at(service, 'spec', 'ports')).map((port) => {
      const node = number(at(port, 'nodePort'));
      const own = String(at(port, 'port') ?? '');
      return `${own}${node > 0 ? `:${node}` : ''}/${text(at(port, 'protocol'), 'TCP')}`;
    }),
  );
}

export const SERVICE_COLUMNS: Column[] = [
  NAME,
  column('Type', (o) => text(at(o, 'spec', 'type'), 'ClusterIP')),
  pathColumn('Cluster-IP', ['spec', 'clusterIP'], NONE),
  column('External-IP', externalIp),
  column('Port(s)', servicePorts),
  AGE,
  column('Selector', (o) => pairs(at(o, 'spec', 'selector')), 1),
];

function shortened(values: readonly string[], most: number): string {
  if (values.length === 0) return NONE;
  const more = values.length - most;
  return values.slice(0, most).join(',') + (more > 0 ? ` + ${more} more...` : '');
}

function endpointAddresses(endpoints: KubeObject): string {
  const all = array(endpoints.subsets).flatMap((subset) => {
    const ports = array(at(subset, 'ports'));
    const ips = array(at(subset, 'addresses')).map((address) => text(at(address, 'ip')));
    if (ports.length === 0) return ips;
    return ports.flatMap((port) => ips.map((ip) => `${ip}:${String(at(port, 'port'))}`));
  });
  return shortened(all, 3);
}

export const ENDPOINTS_COLUMNS: Column[] = [NAME, column('Endpoints', endpointAddresses), AGE];

function slicePorts(slice: KubeObject): string {
  if (slice.ports === undefined || slice.ports === null) return '<unset>';
  return shortened(
    array(slice.ports).map((port) => String(at(port, 'port') ?? '*')),
    3,
  );
}

export const ENDPOINT_SLICE_COLUMNS: Column[] = [
  NAME,
  column('AddressType', (o) => text(o.addressType)),
  column('Ports', slicePorts),
  column('Endpoints', (o) => {
    const all = array(o.endpoints).flatMap((endpoint) => array(at(endpoint, 'addresses')).map(String));
    return all.length === 0 ? '<unset>' : shortened(all, 3);
  }),
  AGE,
];

function hosts(ingress: KubeObject): string {
  const all = array(at(ingress, 'spec', 'rules')).map((rule) => text(at(rule, 'host'), '*') || '*');
  return all.length === 0 ? '*' : shortened([...new Set(all)], 3);
}

export const INGRESS_COLUMNS: Column[] = [
  NAME,
  column('Class', (o) => {
    const old = text(record(o.metadata.annotations)['kubernetes.io/ingress.class'], NONE);
    return text(at(o, 'spec', 'ingressClassName'), old);
  }),
  column('Hosts', hosts),
  column('Address', addresses),
  column('Ports', (o) => (array(at(o, 'spec', 'tls')).length > 0 ? '80, 443' : '80')),
  AGE,
];

export const INGRESS_CLASS_COLUMNS: Column[] = [
  NAME,
  pathColumn('Controller', ['spec', 'controller']),
  column('Parameters', (o) => {
    const { apiGroup, kind, name } = record(at(o, 'spec', 'parameters'));
    if (name === undefined) return NONE;
    return `${text(kind)}${apiGroup === undefined ? '' : `.${text(apiGroup)}`}/${text(name)}`;
  }),
  AGE,
];

export const NETWORK_POLICY_COLUMNS: Column[] = [
  NAME,
  column('Pod-Selector', (o) => selectorText(at(o, 'spec', 'podSelector'))),
  AGE,
];
