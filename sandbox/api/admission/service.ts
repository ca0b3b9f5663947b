// What a cluster fills into a Service at creation and update.
import { array, at, isRecord, type JsonRecord, record, text } from '../json';
import type { Cause } from '../status';
import type { KubeObject } from '../types';
import type { ServiceAllocator } from './allocator';

function needsNodePorts(spec: JsonRecord): boolean {
  if (spec.type === 'NodePort') return true;
  return spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false;
}

/** The node port that the same port of the Service had before. */
function keptNodePort(old: JsonRecord, port: JsonRecord): number | undefined {
  const before = array(old.ports).find(
    (other) => at(other, 'port') === port.port && (at(other, 'protocol') ?? 'TCP') === port.protocol,
  );
  const kept = at(before, 'nodePort');
  return typeof kept === 'number' && kept > 0 ? kept : undefined;
}

function defaultPort(entry: JsonRecord): JsonRecord {
  const port: JsonRecord = { protocol: 'TCP', ...entry };
  if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '')
    port.targetPort = port.port;
  if (port.nodePort === 0) delete port.nodePort;
  return port;
}

function ports(spec: JsonRecord, old: JsonRecord, seed: string, allocator: ServiceAllocator): unknown {
  if (!Array.isArray(spec.ports)) return spec.ports;
  const taken = new Set(array(spec.ports).map((port) => Number(at(port, 'nodePort') ?? 0)));
  return spec.ports.map((entry: unknown, index) => {
    if (!isRecord(entry)) return entry;
    const port = defaultPort(entry);
    const kept = keptNodePort(old, port);
    if (!needsNodePorts(spec)) {
      // A Service that is made a ClusterIP again gives its node ports back.
      if (port.nodePort === kept) delete port.nodePort;
      return port;
    }
    const nodePort = port.nodePort ?? kept ?? allocator.port(`${seed}/${index}`, taken);
    if (typeof nodePort === 'number') taken.add(nodePort);
    return nodePort === undefined ? port : { ...port, nodePort };
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

/** What a Service asks for that another one has, or that cannot change. */
export function serviceConflicts(
  service: KubeObject,
  old: KubeObject | undefined,
  allocator: ServiceAllocator,
): Cause[] {
  const [spec, before] = [record(service.spec), record(old?.spec)];
  const causes: Cause[] = [];
  const [ip, oldIp] = [text(spec.clusterIP), text(before.clusterIP)];
  const refuse = (field: string, value: unknown, why: string): void => {
    causes.push({ field, message: `Invalid value: ${JSON.stringify(value)}: ${why}` });
  };
  if (ip !== '' && oldIp !== '' && ip !== oldIp && spec.type !== 'ExternalName')
    refuse('spec.clusterIPs[0]', [ip], 'may not change once set');
  else if (ip !== '' && ip !== 'None' && ip !== oldIp && allocator.hasIp(ip))
    refuse('spec.clusterIPs', [ip], `failed to allocate IP ${ip}: provided IP is already allocated`);
  const own = new Set(array(before.ports).map((port) => at(port, 'nodePort')));
  for (const [index, entry] of array(spec.ports).entries()) {
    const port = at(entry, 'nodePort');
    if (typeof port !== 'number' || port === 0 || own.has(port) || !allocator.hasPort(port)) continue;
    refuse(`spec.ports[${index}].nodePort`, port, 'provided port is already allocated');
  }
  return causes;
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
