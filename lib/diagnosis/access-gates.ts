/** Whether an Ingress asks who comes, by its annotations. What is not understood counts as asking: better silent than wrong. */
import type { Ingress } from '@/lib/kube/objects';

const GATES =
  /auth|whitelist|allow-?list|source-range|inbound-cidrs|middleware|plugins|policies|policy|oidc|jwt|iap|backend-?config|security|waf|snippet|internal|tls-verify|client-ca/i;
/** Hold such words without asking anybody. */
const HARMLESS =
  /cert-manager|kubectl|ssl-redirect|(^|\/)policy-version$|auth-proxy-set-headers|proxy-|cors-/i;
/** Values that switch a thing off. */
const OFF = /^(false|off|none|disabled|)$/i;

/** The annotation by which access is limited; null: none is seen. */
export function gateOf({ annotations }: Ingress): string | null {
  const found = Object.entries(annotations).find(
    ([key, value]) => GATES.test(key) && !HARMLESS.test(key) && !OFF.test(value.trim()),
  );
  return found ? found[0] : null;
}
