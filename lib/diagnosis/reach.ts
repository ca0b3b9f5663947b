/** From where a Service or a controller can be reached, as far as the API tells: firewalls are not seen. */
import type { Ingress, Service } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { exposure } from '@/lib/topology/exposure';
import { isCloud } from '@/lib/topology/hosts';
import { members, object } from '@/lib/topology/reads';

export interface Reach {
  /** `limited`: by what is declared, not from everywhere. */
  readonly reach: 'public' | 'limited' | 'none';
  readonly why: string;
}

const PRIVATE =
  /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe80:|::1$)/i;

/** Whether an address is of no use on the internet (RFC 1918, 6598, 4193; loopback and link local). */
export function isPrivateAddress(address: string): boolean {
  return PRIVATE.test(address);
}

/** Whether a list of networks lets everybody in. */
export function isEverybody(range: string): boolean {
  return /^(0\.0\.0\.0|::|0:0:0:0:0:0:0:0)\/0$/.test(range.trim());
}

const INTERNAL = /internal|intranet|private/i;

/** Says that it is internal, in the words of its cloud; the AWS Load Balancer Controller's default is internal too. */
export function internalMark({ annotations, loadBalancerClass }: Service): string | null {
  for (const [key, value] of Object.entries(annotations)) {
    if (!/load-?balancer|address-type|networking\.gke\.io/i.test(key)) continue;
    if (INTERNAL.test(value) || (INTERNAL.test(key) && !/^(false|no|0|)$/i.test(value)))
      return `${key}: ${value}`;
  }
  const aws = annotations['service.beta.kubernetes.io/aws-load-balancer-type'] ?? '';
  const byController = loadBalancerClass === 'service.k8s.aws/nlb' || aws === 'external' || aws === 'nlb-ip';
  const scheme = annotations['service.beta.kubernetes.io/aws-load-balancer-scheme'];
  return byController && scheme === undefined
    ? 'the AWS Load Balancer Controller makes it internal by default'
    : null;
}

function ofBalancer(service: Service): Reach {
  const ranges = service.sourceRanges;
  if (ranges.length > 0 && !ranges.some(isEverybody))
    return { reach: 'limited', why: `only from ${ranges.slice(0, 3).join(', ')}` };
  const mark = internalMark(service);
  if (mark) return { reach: 'limited', why: mark };
  const ips = service.addresses.map(({ ip, hostname }) => ip || hostname).filter((text) => text !== '');
  if (ips.length === 0) return { reach: 'limited', why: 'its load balancer has no address yet' };
  // AWS names classic and application load balancers that are internal so.
  if (ips.every((address) => address.startsWith('internal-')))
    return { reach: 'limited', why: `its load balancer ${ips[0]} is internal` };
  if (ips.every(isPrivateAddress)) return { reach: 'limited', why: `its address ${ips[0]} is private` };
  return { reach: 'public', why: `type LoadBalancer at ${ips[0]}` };
}

/** How far a Service reaches (ClusterIP: nowhere). */
export function serviceReach(read: Reader, service: Service): Reach {
  if (service.type === 'LoadBalancer') return ofBalancer(service);
  const [external] = service.externalIPs;
  if (external !== undefined)
    return service.externalIPs.every(isPrivateAddress)
      ? { reach: 'limited', why: `its external IP ${external} is private` }
      : { reach: 'public', why: `external IP ${external}` };
  if (service.type !== 'NodePort') return { reach: 'none', why: '' };
  const node = members(read, 'nodes-all', '')
    .flatMap((key) => object(read, 'nodes', key)?.addresses ?? [])
    .find(({ type, address }) => type === 'ExternalIP' && !isPrivateAddress(address));
  return node
    ? { reach: 'public', why: `a port on every node, among them ${node.address}` }
    : { reach: 'limited', why: 'a port on every node; no node shows a public address' };
}

const CLOUD_SCHEMES: Readonly<Record<string, (ingress: Ingress) => boolean>> = {
  'aws-alb': ({ annotations }) => annotations['alb.ingress.kubernetes.io/scheme'] === 'internet-facing',
  gce: ({ className, annotations }) =>
    (className ?? annotations['kubernetes.io/ingress.class']) !== 'gce-internal',
  agic: ({ annotations }) => annotations['appgw.ingress.kubernetes.io/use-private-ip'] !== 'true',
};

/** How far an Ingress reaches through the controller that serves it. */
export function ingressReach(read: Reader, ingress: Ingress, controller: Controller | undefined): Reach {
  if (!controller) return { reach: 'none', why: '' };
  if (isCloud(controller)) {
    const open = CLOUD_SCHEMES[controller.type]?.(ingress) ?? false;
    return open
      ? { reach: 'public', why: 'a load balancer of its own' }
      : { reach: 'limited', why: 'not said to be public' };
  }
  const found = read
    .query(exposure, controller.id)
    .loadBalancers.flatMap(({ service }) => (service ? (object(read, 'services', service) ?? []) : []))
    .map((service) => serviceReach(read, service));
  return (
    found.find(({ reach }) => reach === 'public') ??
    found.find(({ reach }) => reach === 'limited') ?? { reach: 'none', why: '' }
  );
}
