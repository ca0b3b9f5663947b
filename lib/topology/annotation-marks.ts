/** Annotations of Ingresses by which indexes find those that some risk concerns. */
import type { Ingress } from '@/lib/kube/objects';

export const NGINX_PREFIX = 'nginx.ingress.kubernetes.io/';

/** Names of annotations that carry configuration as text: community ingress-nginx `*-snippet`, F5 `nginx.org/*-snippets`. */
export function snippetAnnotations({ annotations }: Ingress): readonly string[] {
  return Object.keys(annotations).filter(
    (key) =>
      (key.startsWith(NGINX_PREFIX) && key.endsWith('-snippet')) ||
      (key.startsWith('nginx.org/') && key.endsWith('-snippets')),
  );
}

/** Rewrites with what a regular expression captured, or brings a snippet. */
export function usesCaptures(ingress: Ingress): boolean {
  const target = ingress.annotations[`${NGINX_PREFIX}rewrite-target`] ?? '';
  return /\$\d/.test(target) || snippetAnnotations(ingress).length > 0;
}

const NO_EQUIVALENT =
  /^(affinity|server-alias|(server|configuration|stream|auth|modsecurity)-snippet|canary-by-cookie|custom-headers|upstream-hash-by|custom-http-errors|limit-(rps|rpm|connections)|satisfy|auth-type|whitelist-source-range|allowlist-source-range|denylist-source-range)$/;

/** Annotations of ingress-nginx, without prefix, that the standard channel of the Gateway API has nothing for (ingress2gateway's notifications). */
export function gatewayBlockers({ annotations }: Ingress): readonly string[] {
  return Object.keys(annotations)
    .filter((key) => key.startsWith(NGINX_PREFIX))
    .map((key) => key.slice(NGINX_PREFIX.length))
    .filter((name) => NO_EQUIVALENT.test(name))
    .sort();
}

/** Seconds of ingress-nginx' `proxy-read-timeout` under which ordinary requests are cut. */
export const SHORT_READ_TIMEOUT_S = 5;

/** Limits that are set so that ordinary requests meet them, or none at all: annotation without prefix and its value. */
export function oddLimits({ annotations }: Ingress): readonly (readonly [string, string])[] {
  const found: [string, string][] = [];
  const timeout = annotations[`${NGINX_PREFIX}proxy-read-timeout`];
  if (
    timeout !== undefined &&
    /^\d+$/.test(timeout) &&
    Number(timeout) > 0 &&
    Number(timeout) < SHORT_READ_TIMEOUT_S
  )
    found.push(['proxy-read-timeout', timeout]);
  const body = annotations[`${NGINX_PREFIX}proxy-body-size`];
  if (body !== undefined && /^0[kmg]?$/i.test(body.trim())) found.push(['proxy-body-size', body]);
  return found;
}

/** Switches ModSecurity on for itself. */
export function hasFirewall({ annotations }: Ingress): boolean {
  return annotations[`${NGINX_PREFIX}enable-modsecurity`] === 'true';
}
