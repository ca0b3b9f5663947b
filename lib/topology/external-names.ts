/** What an ExternalName Service may stand for. */

/** Addresses and names that mean each host itself: loopback (RFC 6761 for names), link-local, unspecified. */
const LOOPBACK =
  /^(localhost|.*\.localhost|127\.[\d.]+|169\.254\.[\d.]+|0\.0\.0\.0|::1|::|fe[89ab][0-9a-f]:.*)$/;
const ADDRESS = /^[\d.]+$|:/;
/** Names that only the cluster's own DNS knows; any label before `svc` may be a namespace. */
const INSIDE = /\.svc(\.|$)|\.cluster\.local$/;

function plain(externalName: string): string {
  return externalName.trim().toLowerCase().replace(/\.$/, '');
}

/** Whether an external name leads a controller to itself. */
export function isLoopback(externalName: string): boolean {
  return LOOPBACK.test(plain(externalName));
}

/** The name to ask DNS for; null where it is an address, a loopback or a name of the cluster's own DNS, or has one label only. */
export function outsideName(externalName: string): string | null {
  const name = plain(externalName);
  if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(name)) return null;
  return ADDRESS.test(name) || isLoopback(name) || INSIDE.test(name) ? null : name;
}
