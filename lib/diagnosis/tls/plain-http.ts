/** Whether hosts of an Ingress are served without TLS, as far as we can see (CHECKS `tls-absent`). */
import { isSolver } from '@/lib/diagnosis/checks/cert-manager-ingress';
import { usesDefault } from '@/lib/diagnosis/checks/tls-default';
import { dnsVerdict } from '@/lib/diagnosis/dns-verdict';
import { leadAnswers } from '@/lib/diagnosis/lead-controller';
import type { Ingress, Service } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import type { Query, Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { exposure } from '@/lib/topology/exposure';
import { isPrivateName } from '@/lib/topology/host-names';
import { config, object } from '@/lib/topology/reads';
import { fallbackCovers, fallbackOf, settingsOf } from './fallback';
import { hostTls } from './host-tls';
import { heldElsewhere } from './termination';

export interface PlainHttp {
  readonly hosts: readonly string[];
  /** Names or ways in of private networks alone. */
  readonly isPrivate: boolean;
}

/** RFC 1918, 3927, 4193, 4291 and shared address space (RFC 6598). */
const PRIVATE_ADDRESS =
  /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;
/** Annotations by which clouds make a load balancer internal. */
const INTERNAL: readonly (readonly [string, RegExp])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-internal', /^(true|0\.0\.0\.0\/0)$/],
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', /^internal$/],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', /^true$/],
  ['networking.gke.io/load-balancer-type', /^internal$/i],
  ['cloud.google.com/load-balancer-type', /^internal$/i],
];

const PLAIN_TYPES = new Set([
  'ingress-nginx',
  'f5-nginx',
  'haproxytech',
  'haproxy-ingress',
  'contour',
  'traefik',
]);
const ALB = 'alb.ingress.kubernetes.io/';

/** Hosts without TLS; null where there are none, or TLS may end where we do not see it. */
export function plainHttp(read: Reader, ingress: Ingress, controller: Controller): PlainHttp | null {
  if (ingress.tls.length > 0 || isSolver(ingress)) return null;
  const way = wayIn(read, ingress, controller);
  if (way === 'unseen') return null;
  const hosts = [...new Set(ingress.rules.map((rule) => rule.host))]
    .filter((host) => !hostTls(read, host) && leadsHere(read, host))
    .slice();
  if (hosts.length === 0 || mayBeCovered(read, controller, hosts)) return null;
  return { hosts, isPrivate: way === 'private' || hosts.every(isPrivateName) };
}

/** ingress-nginx and the like answer https for any host by their default certificate. */
function mayBeCovered(read: Reader, controller: Controller, hosts: readonly string[]): boolean {
  if (!usesDefault(controller)) return false;
  return fallbackCovers(read, fallbackOf(read, controller, leadAnswers(controller)), hosts) !== false;
}

/** A name that leads elsewhere (a CDN, another proxy) may have TLS there. */
function leadsHere(read: Reader, host: string): boolean {
  const verdict = read.query(dnsVerdict, host);
  if (verdict.foreign.length > 0) return false;
  const { knownAddresses } = config(read);
  if (knownAddresses.length === 0) return true;
  const declared = new Set(knownAddresses);
  return !verdict.views.some((view) => view.addresses.some((address) => declared.has(address)));
}

function wayIn(read: Reader, ingress: Ingress, controller: Controller): Way {
  if (controller.type === 'aws-alb') return albWay(read, ingress);
  if (heldElsewhere(read, ingress, controller) !== null) return 'unseen';
  if (controller.type === 'gce') return gceWay(ingress);
  if (!PLAIN_TYPES.has(controller.type) || traefikHasTls(read, ingress, controller)) return 'unseen';
  return read.query(entrance, controller.id);
}

type Way = 'public' | 'private' | 'unseen';

/** What the load balancers in front of a controller (key: its id) are. */
const entrance: Query<Way> = {
  name: 'entrance',
  level: 3,
  compute: (read, controller) => {
    const { loadBalancers } = read.query(exposure, controller);
    // Behind node ports somebody else's balancer stands, of which we know nothing.
    if (loadBalancers.length === 0 || loadBalancers.some(({ type }) => type !== 'LoadBalancer'))
      return 'unseen';
    const isPrivate = loadBalancers.every(({ service, addresses }) => {
      const found = service ? object(read, 'services', service) : undefined;
      return (
        (found && isInternal(found)) ||
        (addresses.length > 0 && addresses.every((ip) => PRIVATE_ADDRESS.test(ip)))
      );
    });
    return isPrivate ? 'private' : 'public';
  },
};

function isInternal({ annotations }: Service): boolean {
  return INTERNAL.some(([key, value]) => value.test(annotations[key] ?? ''));
}

function traefikHasTls(read: Reader, { annotations }: Ingress, controller: Controller): boolean {
  if (controller.type !== 'traefik') return false;
  return (
    settingsOf(read, controller)?.tlsEverywhere !== false ||
    Object.keys(annotations).some((key) => key.startsWith('traefik.ingress.kubernetes.io/router.tls'))
  );
}

/** What listens follows from annotations, from the class' parameters, and from other members of a group. */
function albWay(read: Reader, { annotations, className }: Ingress): Way {
  const ingressClass =
    className === null ? undefined : object(read, 'ingressclasses', objectKey('', className));
  const told = ['certificate-arn', 'group.name', 'load-balancer-name'].some(
    (key) => annotations[`${ALB}${key}`] !== undefined,
  );
  const secure = /HTTPS/i.test(annotations[`${ALB}listen-ports`] ?? '');
  if (told || secure || !ingressClass || ingressClass.parameters !== null) return 'unseen';
  return annotations[`${ALB}scheme`] === 'internet-facing' ? 'public' : 'private';
}

function gceWay({ annotations }: Ingress): 'public' | 'private' {
  return annotations['kubernetes.io/ingress.class'] === 'gce-internal' ? 'private' : 'public';
}
