/** Small carelessnesses of an Ingress: a redirect that is switched off, a backend whose certificate nobody looks at. */

import type { ControllerType } from '@/lib/controllers/types';
import { settingsMap } from '@/lib/diagnosis/checks/tls-controller';
import type { Ingress } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';

const NGINX = 'nginx.ingress.kubernetes.io/';
const ALB = 'alb.ingress.kubernetes.io/';

/** Annotations that switch the redirect, by controller; their documentation calls the values true and false. */
const REDIRECT: Readonly<Partial<Record<ControllerType, readonly string[]>>> = {
  'ingress-nginx': [`${NGINX}ssl-redirect`],
  'f5-nginx': ['nginx.org/ssl-redirect', 'ingress.kubernetes.io/ssl-redirect'],
  haproxytech: ['haproxy.org/ssl-redirect'],
  'haproxy-ingress': ['haproxy-ingress.github.io/ssl-redirect', 'ingress.kubernetes.io/ssl-redirect'],
};

const isFalse = (value: string | undefined): boolean => value?.trim().toLowerCase() === 'false';
const isTrue = (value: string | undefined): boolean => value?.trim().toLowerCase() === 'true';

/** What switches the redirect to https off, as evidence `PATH: VALUE`; null where it is on or cannot be known. */
export function redirectOff(read: Reader, ingress: Ingress, controller: Controller): string | null {
  const { annotations, tls } = ingress;
  switch (controller.type) {
    case 'aws-alb':
      return albRedirectOff(ingress);
    case 'gce':
      return gceRedirectOff(ingress);
    default: {
      if (tls.length === 0 || isTrue(annotations[`${NGINX}force-ssl-redirect`])) return null;
      const keys = REDIRECT[controller.type] ?? [];
      const own = keys.find((key) => annotations[key] !== undefined);
      if (own) return isFalse(annotations[own]) ? `metadata.annotations[${own}]: false` : null;
      const map = keys.length > 0 ? settingsMap(read, controller) : undefined;
      return map && isFalse(map.data['ssl-redirect'])
        ? `ConfigMap ${map.namespace}/${map.name} data[ssl-redirect]: false`
        : null;
    }
  }
}

function albRedirectOff({ annotations }: Ingress): string | null {
  const ports = annotations[`${ALB}listen-ports`] ?? '';
  const both = /"HTTP"/i.test(ports) && /"HTTPS"/i.test(ports);
  const told = ['ssl-redirect', 'group.name', 'actions.ssl-redirect'].some(
    (key) => annotations[`${ALB}${key}`] !== undefined,
  );
  return both && !told ? `metadata.annotations[${ALB}listen-ports]: ${ports}` : null;
}

function gceRedirectOff({ annotations, tls }: Ingress): string | null {
  const certified = ['networking.gke.io/managed-certificates', 'ingress.gcp.kubernetes.io/pre-shared-cert'];
  const secure = tls.length > 0 || certified.some((key) => annotations[key] !== undefined);
  const told = annotations['networking.gke.io/v1beta1.FrontendConfig'] !== undefined;
  const allowed = annotations['kubernetes.io/ingress.allow-http'];
  if (!secure || told || isFalse(allowed)) return null;
  return `metadata.annotations[kubernetes.io/ingress.allow-http]: ${allowed ?? 'not set'}`;
}

/** What makes the controller speak TLS to the backend without verifying it; null where it verifies or speaks plain http. */
export function backendUnverified({ annotations }: Ingress, type: ControllerType): string | null {
  if (type === 'ingress-nginx') {
    const protocol = annotations[`${NGINX}backend-protocol`] ?? '';
    const verified = annotations[`${NGINX}proxy-ssl-verify`]?.trim().toLowerCase() === 'on';
    return /^(HTTPS|GRPCS)$/i.test(protocol.trim()) && !verified
      ? `metadata.annotations[${NGINX}backend-protocol]: ${protocol}`
      : null;
  }
  if (type === 'haproxytech' && isTrue(annotations['haproxy.org/server-ssl']))
    return annotations['haproxy.org/server-ca'] ? null : 'metadata.annotations[haproxy.org/server-ssl]: true';
  if (type === 'haproxy-ingress' && isTrue(annotations['haproxy-ingress.github.io/secure-backends']))
    return annotations['haproxy-ingress.github.io/secure-verify-ca-secret']
      ? null
      : 'metadata.annotations[haproxy-ingress.github.io/secure-backends]: true';
  return null;
}
