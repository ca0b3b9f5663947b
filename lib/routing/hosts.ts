/** Host names of rules and requests (Ingress v1, IngressRule.host). */

/** A request's host as rules name it: lower case, without port and trailing dot. */
export function normalHost(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}

/**
 * Whether a rule's host takes a request's host. `*.x` stands for exactly one label (Ingress v1), or for one and more on
 * controllers that compare suffixes (`any-depth`: F5, ALB, Istio); never for `x` itself. Empty: every host.
 */
export function hostMatches(
  pattern: string,
  host: string,
  wildcard: 'one-label' | 'any-depth' = 'one-label',
): boolean {
  if (pattern === '') return true;
  const rule = normalHost(pattern);
  const name = normalHost(host);
  if (!rule.startsWith('*.')) return rule === name;
  const suffix = rule.slice(1);
  if (!name.endsWith(suffix) || name.length === suffix.length) return false;
  return wildcard === 'any-depth' || !name.slice(0, -suffix.length).includes('.');
}
