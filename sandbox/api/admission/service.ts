// What a cluster fills into a Service at creation and update.
import { array, at, isRecord, type JsonRecord, record, text } from '../json';
import type { KubeObject } from '../types';
import type { ServiceAllocator } from './allocator';

function needsNodePorts(spec: JsonRecord): boolean {
  if (spec.type === 'NodePort') return true;
  return spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false;
}

function ports(spec: JsonRecord, old: JsonRecord, seed: string, allocator: ServiceAllocator): unknown {
  if (!Array.isArray(spec.ports)) return spec.ports;
  const taken = new Set(array(spec.ports).map((port) => Number(at(port, 'nodePort') ?? 0)));
  return spec.ports.map((entry: unknown, index) => {
    if (!isRecord(entry)) return entry;
    const port: JsonRecord = { protocol: 'TCP', ...entry };
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '')
      port.targetPort = port.port;
    if (!needsNodePorts(spec) || (typeof port.nodePort === 'number' && port.nodePort > 0)) return port;
    const before = array(old.ports).find(
      (other) => at(other, 'port') === port.port && (at(other, 'protocol') ?? 'TCP') === port.protocol,
    );
    const kept = at(before, 'nodePort');
    const nodePort = typeof kept === 'number' && kept > 0 ? kept : allocator.port(`${seed}/${index}`, taken);
    if (nodePort === undefined) return port;
    taken.add(nodePort);
    return { ...port, nodePort };
  });
}

function addresses(spec: JsonRecord, old: JsonRecord, seed: string, allocator: ServiceAllocator): JsonRecord {
  const kept = text(old.clusterIP);
  const given = text(spec.clusterIP);
  const clusterIP = given !== '' ? given : kept !== '' ? kept : allocator.ip(seed);
  if (clusterIP === undefined) return {};
  const clusterIPs =
    Array.isArray(spec.clusterIPs) && spec.clusterIPs[0] === clusterIP ? spec.clusterIPs : [clusterIP];
  return { clusterIP, clusterIPs };
}

/** A Service as the API server stores it. */
export function defaultService(
  service: KubeObject,
  old: KubeObject | undefined,
  allocator: ServiceAllocator,
): KubeObject {
  const seed = `${service.metadata.namespace ?? ''}/${service.metadata.name}`;
  const before = record(old?.spec);
  const spec: JsonRecord = { type: 'ClusterIP', sessionAffinity: 'None', ...record(service.spec) };
  spec.ports = ports(spec, before, seed, allocator);
  if (spec.ports === undefined) delete spec.ports;
  if (spec.type === 'ExternalName') {
    delete spec.clusterIP;
    delete spec.clusterIPs;
  } else {
    Object.assign(spec, addresses(spec, before, seed, allocator));
    const isIpv6 = text(spec.clusterIP).includes(':');
    spec.ipFamilies ??= [isIpv6 ? 'IPv6' : 'IPv4'];
    spec.ipFamilyPolicy ??= 'SingleStack';
    spec.internalTrafficPolicy ??= 'Cluster';
  }
  if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') spec.externalTrafficPolicy ??= 'Cluster';
  else delete spec.externalTrafficPolicy;
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
  if (spec.sessionAffinity === 'ClientIP')
    spec.sessionAffinityConfig ??= { clientIP: { timeoutSeconds: 10_800 } };
  return { ...service, spec, status: service.status ?? { loadBalancer: {} } };
}
