import { balancerHealth } from '@/lib/diagnosis/balancer-health';
import type { Fragment } from '@/lib/diagnosis/draft';
import type { ServiceHealth } from '@/lib/diagnosis/service-health';
import type { Service } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { LoadBalancerDetail } from '@/lib/topology/details';
import { type LoadBalancer, serviceLoadBalancer } from '@/lib/topology/exposure';
import { hostId, serviceId } from '@/lib/topology/ids';
import { serviceHosts } from '@/lib/topology/indexes';
import type { Status, TopologyNode } from '@/lib/topology/model';
import { object } from '@/lib/topology/reads';
import { edge, node } from './parts';

/** The node of a load balancer, node port or host port. */
export function balancerNode(
  read: Reader,
  lb: LoadBalancer,
  status: Status,
  findings: readonly string[],
): TopologyNode {
  const service = lb.service === null ? undefined : object(read, 'services', lb.service);
  const detail: LoadBalancerDetail = {
    type: lb.type,
    addresses: lb.addresses,
    ports: lb.ports,
    pending: lb.pending,
  };
  return node({
    id: lb.id,
    kind: 'loadbalancer',
    name: balancerName(lb),
    namespace: lb.namespace,
    status,
    ...(service ? { ref: refOf('services', service.namespace, service.name, service.uid) } : {}),
    findings,
    detail,
  });
}

function balancerName(lb: LoadBalancer): string {
  if (lb.pending) return 'no address yet';
  if (lb.type === 'NodePort') return `node port ${lb.ports[0] ?? ''}`.trim();
  if (lb.type === 'Nodes') return `nodes :${lb.ports.join(', :')}`;
  return lb.addresses[0] ?? lb.name;
}

/** The way in of a Service that is exposed directly: load balancer → Service. */
export function balancerParts(read: Reader, service: Service, health: ServiceHealth): Fragment {
  const lb = serviceLoadBalancer(read, service);
  const judged = balancerHealth(read, lb);
  const ids = judged.drafts.map((found) => found.id);
  const target = serviceId(service.namespace, service.name);
  const hosts = serviceHosts(service);
  const affects = (hosts.length > 0 ? hosts : ['']).map((host) => ({
    host: hostId(host),
    rule: target,
    answer: null,
  }));
  const ports = service.ports.filter((port) => health.ports.some((p) => p.port === port.port));
  return {
    nodes: [balancerNode(read, lb, judged.status, ids)],
    edges: ports.map((port) =>
      edge({
        source: lb.id,
        target,
        kind: 'exposes',
        port: port.port,
        status: judged.status,
        basis: lb.pending ? 'declared' : 'observed',
        findings: ids,
      }),
    ),
    findings: judged.drafts.map((found) => ({
      ...found,
      affects,
      related: [
        refOf(
          'services',
          service.namespace,
          service.name,
          object(read, 'services', objectKey(service.namespace, service.name))?.uid,
        ),
      ],
    })),
  };
}
