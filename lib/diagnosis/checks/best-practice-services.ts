import type { Found } from '@/lib/diagnosis/check';
import { evidence } from '@/lib/diagnosis/draft';
import { leadController } from '@/lib/diagnosis/lead-controller';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { internalMark, serviceReach } from '@/lib/diagnosis/reach';
import {
  byNamespace,
  controllersSeen,
  counted,
  listed,
  namespaceRef,
  refsOf,
  risk,
} from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import type { Service } from '@/lib/kube/objects';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { controllerServices } from '@/lib/topology/exposure';
import { isCloud, liveRules } from '@/lib/topology/hosts';
import { members, object } from '@/lib/topology/reads';

/** Gateway implementations make a load balancer for each Gateway. */
const GATEWAY = 'gateway.networking.k8s.io/gateway-name';
const isOfGateway = ({ labels, owner }: Service) =>
  labels[GATEWAY] !== undefined || owner?.kind === 'Gateway';

/** Whether a Service (key `NS/NAME`) has a second way in beside the rules that lead to it. */
const secondWay: Query<boolean> = {
  name: 'second-way-in',
  level: 6,
  compute: (read, key) => {
    const service = object(read, 'services', key);
    if (!service || isOfGateway(service) || service.sourceRanges.length > 0) return false;
    if (service.externalIPs.length > 0 || internalMark(service) !== null) return false;
    const live = read.query(liveRules, key);
    // Load balancers that carry out the rules themselves go by node ports: ALB instance mode, GCE without NEG.
    return live.length > 0 && live.every(({ ingress }) => !isCloud(leadController(read, ingress)));
  },
};

/** `nodeport-behind-ingress`, one for each namespace: users can come around the controller and what it asks of them. */
export function nodePortBehindIngress(read: Reader): readonly Found[] {
  if (!controllersSeen(read)) return [];
  const own = new Set(read.query(controllerServices, ''));
  const keys = members(read, 'services-exposed', '').filter(
    (key) => !own.has(key) && read.query(secondWay, key),
  );
  return byNamespace(keys).map(([namespace, list]) => {
    const services = list.flatMap((key) => object(read, 'services', key) ?? []);
    const names = listed(services.map((service) => `${service.name} (${service.type})`));
    const [first] = services;
    return risk({
      code: 'nodeport-behind-ingress',
      severity: 'info',
      hop: 'best-practice',
      subject: namespaceRef(read, namespace),
      related: refsOf(read, 'services', list),
      title: `${counted(list.length, 'Service', 'Services')} in namespace ${namespace} can be reached around the Ingress`,
      detail: `${names}: an Ingress leads there already, and the way around it passes none of its authentication, limits or TLS`,
      evidence: services
        .slice(0, 3)
        .map((service) =>
          evidence(refOf('services', namespace, service.name, service.uid), 'spec.type', service.type),
        ),
      fix: {
        summary: 'Make them ClusterIP, unless something else needs that way in.',
        look: [sh`kubectl -n ${namespace} get services -o wide`],
        change:
          first && list.length === 1
            ? [sh`kubectl -n ${namespace} patch service ${first.name} -p ${'{"spec":{"type":"ClusterIP"}}'}`]
            : [],
        managedBy: first ? managedBy(first) : null,
      },
    });
  });
}

/** So many load balancers for HTTP are worth a word. */
export const MANY_LOAD_BALANCERS = 3;

const HTTP_PORTS = new Set([80, 443, 8080, 8443]);

/** A Service with a load balancer of its own for what an Ingress could carry. */
const httpBalancer: Query<boolean> = {
  name: 'http-load-balancer',
  level: 4,
  compute: (read, key) => {
    const service = object(read, 'services', key);
    if (service?.type !== 'LoadBalancer' || isOfGateway(service)) return false;
    if (internalMark(service) !== null || serviceReach(read, service).reach !== 'public') return false;
    return (
      service.ports.length > 0 &&
      service.ports.every(
        (port) => HTTP_PORTS.has(port.port) || /^https?\b/.test(port.appProtocol || port.name),
      )
    );
  },
};

/**
 * `many-loadbalancers`, once: three or more applications with a public load balancer each for HTTP. Controllers' own ways in
 * are not counted.
 */
export function manyLoadBalancers(read: Reader): readonly Found[] {
  if (!controllersSeen(read)) return [];
  const own = new Set(read.query(controllerServices, ''));
  const keys = members(read, 'services-exposed', '').filter(
    (key) => !own.has(key) && read.query(httpBalancer, key),
  );
  const [first] = keys;
  if (keys.length < MANY_LOAD_BALANCERS || first === undefined) return [];
  const { namespace, name } = splitKey(first);
  const spread = byNamespace(keys);
  const where = spread.length === 1 ? `in ${namespace}` : `in ${spread.length} namespaces`;
  return [
    risk({
      code: 'many-loadbalancers',
      severity: 'info',
      hop: 'best-practice',
      subject: refOf('services', namespace, name, object(read, 'services', first)?.uid),
      // The subject stands for all of them: a stable name, however many there are.
      discriminator: 'all',
      related: refsOf(read, 'services', keys),
      title: `${keys.length} applications have a load balancer each`,
      detail: `${listed(keys.map((key) => splitKey(key).name))} ${where}: each costs its own monthly price and address, and has its own place for certificates and access rules`,
      evidence: refsOf(read, 'services', keys.slice(0, 5)).map((ref) =>
        evidence(ref, 'spec.type', 'LoadBalancer'),
      ),
      fix: {
        summary:
          'Put one controller before them: an Ingress or a Gateway with a rule for each, and one load balancer for all.',
        look: spread.slice(0, 3).map(([one]) => sh`kubectl -n ${one} get services -o wide`),
      },
    }),
  ];
}
