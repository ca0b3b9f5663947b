import type { LoadBalancerAddress, Service, ServicePort } from '@/lib/kube/objects';
import { lastEdit } from './edit';
import type { Interner } from './interner';
import { labels, meta } from './meta';
import { cut, flag, list, number, numberOr, type Raw, record, text, texts } from './raw';

const NONE: readonly never[] = Object.freeze([]);

const LONGEST_ERROR = 300;
const MOST_ERRORS = 10;

/** Entries of `status.loadBalancer.ingress`, of Services and Ingresses alike. */
export function loadBalancerAddresses(status: Raw): readonly LoadBalancerAddress[] {
  const entries = list(record(status.loadBalancer).ingress);
  if (entries.length === 0) return NONE;
  return entries
    .map((entry) => {
      const { ip, hostname, ports: opened } = record(entry);
      const portErrors = portErrorsOf(opened);
      const address = { ip: text(ip), hostname: text(hostname) };
      return portErrors.length === 0 ? address : { ...address, portErrors };
    })
    .filter(({ ip, hostname }) => ip !== '' || hostname !== '');
}

/** `status.loadBalancer.ingress[].ports[]`: port, protocol and error. */
function portErrorsOf(value: unknown): readonly string[] {
  return list(value)
    .map((entry) => {
      const { port: number_, protocol, error } = record(entry);
      return text(error) === ''
        ? ''
        : cut(`${text(number_)}/${text(protocol)}: ${text(error)}`, LONGEST_ERROR);
    })
    .filter((error) => error !== '')
    .slice(0, MOST_ERRORS);
}

function port(entry: unknown): ServicePort {
  const raw = record(entry);
  const number_ = numberOr(raw.port, 0);
  // A string of digits is a port's name to Kubernetes, so the type stays as it is; absent means the same number.
  const target = raw.targetPort;
  const nodePort = number(raw.nodePort);
  return {
    name: text(raw.name),
    port: number_,
    targetPort:
      typeof target === 'number' || (typeof target === 'string' && target !== '') ? target : number_,
    nodePort: nodePort === 0 ? null : nodePort,
    protocol: text(raw.protocol) || 'TCP',
    appProtocol: text(raw.appProtocol),
  };
}

function ports(value: unknown, interner: Interner): readonly ServicePort[] {
  const entries = list(value);
  return entries.length === 0 ? NONE : interner.value('ports', entries.map(port));
}

function selector(value: unknown, interner: Interner): Service['selector'] {
  const found = labels(value, interner, 'selector');
  return Object.keys(found).length === 0 ? null : found;
}

/** A Service. An empty selector is the same as none: nobody fills its endpoints. */
export function projectService(raw: Raw, interner: Interner): Service | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const spec = record(raw.spec);
  const externalIPs = texts(spec.externalIPs);
  const sourceRanges = texts(spec.loadBalancerSourceRanges);
  return {
    namespace: common.namespace,
    name: common.name,
    uid: common.uid,
    created: common.created,
    deleting: common.deleting,
    labels: common.labels,
    annotations: common.annotations,
    owner: common.owner,
    type: interner.text(text(spec.type) || 'ClusterIP'),
    clusterIP: text(spec.clusterIP),
    selector: selector(spec.selector, interner),
    ports: ports(spec.ports, interner),
    externalName: text(spec.externalName),
    externalIPs: externalIPs.length === 0 ? NONE : externalIPs,
    addresses: loadBalancerAddresses(record(raw.status)),
    loadBalancerClass: interner.text(text(spec.loadBalancerClass)),
    publishNotReadyAddresses: flag(spec.publishNotReadyAddresses),
    externalTrafficPolicy: interner.text(text(spec.externalTrafficPolicy)),
    internalTrafficPolicy: interner.text(text(spec.internalTrafficPolicy) || 'Cluster'),
    allocatesNodePorts: spec.allocateLoadBalancerNodePorts !== false,
    sourceRanges: sourceRanges.length === 0 ? NONE : sourceRanges,
    ipFamilies: interner.value('families', texts(spec.ipFamilies)),
    edited: lastEdit(raw, interner),
  };
}
