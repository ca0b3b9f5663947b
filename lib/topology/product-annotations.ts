import type { ControllerType } from '@/lib/controllers/types';

/**
 * Prefixes of annotations that one product alone reads, from the docs of each; `ingress.kubernetes.io/`, which several
 * read, is none of them.
 */
export const PRODUCT_ANNOTATIONS: Readonly<Record<string, ControllerType>> = {
  'nginx.ingress.kubernetes.io/': 'ingress-nginx',
  'nginx.org/': 'f5-nginx',
  'nginx.com/': 'f5-nginx',
  'traefik.ingress.kubernetes.io/': 'traefik',
  'haproxy.org/': 'haproxytech',
  'haproxy-ingress.github.io/': 'haproxy-ingress',
  'alb.ingress.kubernetes.io/': 'aws-alb',
  'konghq.com/': 'kong',
  'projectcontour.io/': 'contour',
  'appgw.ingress.kubernetes.io/': 'agic',
  'ingress.cilium.io/': 'cilium',
  'networking.gke.io/': 'gce',
  'ingress.gcp.kubernetes.io/': 'gce',
};

/** The prefixes that stand on an object. */
export function productPrefixes(annotations: Readonly<Record<string, string>>): readonly string[] {
  const found = new Set<string>();
  for (const key in annotations) {
    const prefix = key.slice(0, key.indexOf('/') + 1);
    if (Object.hasOwn(PRODUCT_ANNOTATIONS, prefix)) found.add(prefix);
  }
  return [...found];
}
