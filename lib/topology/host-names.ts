/** Which host names a certificate or a TLS entry is for. */
import type { CertificateFacts } from '@/lib/kube/objects';

// biome-ignore lint/suspicious/noControlCharactersInRegex: everything that is not ASCII is what is looked for
const FOREIGN = /[^\u0000-\u007f]/;

/** A host name as it goes over the wire: lower case, international names in punycode (RFC 5891). */
export function asciiName(name: string): string {
  const plain = name.trim().toLowerCase().replace(/\.$/, '');
  if (!FOREIGN.test(plain)) return plain;
  try {
    return new URL(`http://${plain}`).hostname;
  } catch {
    return plain;
  }
}

/** Whether a name of a certificate or of `tls.hosts` takes a host; `*` stands for exactly one label (RFC 6125 6.4.3). */
export function coversName(given: string, host: string): boolean {
  const name = asciiName(given);
  const wanted = asciiName(host);
  if (name === wanted) return wanted !== '';
  const dot = wanted.indexOf('.');
  return name.startsWith('*.') && !wanted.startsWith('*') && dot > 0 && name.slice(1) === wanted.slice(dot);
}

/** Names that no public authority may issue for (RFC 6761, 6762, 8375; ICANN’s .internal), and customary ones. */
const PRIVATE = /(^|\.)(local|internal|test|localhost|lan|intranet|corp|home\.arpa)$/i;

/** Whether a host name belongs to a private network or to somebody's own machine. */
export function isPrivateName(host: string): boolean {
  return PRIVATE.test(host);
}

/** Whether some of the names takes the host. */
export function anyCovers(names: readonly string[], host: string): boolean {
  return names.some((name) => coversName(name, host));
}

/** Whether clients accept a certificate for a host. The common name counts no more where it stands alone (RFC 9525). */
export function certificateCovers(facts: CertificateFacts, host: string): boolean {
  return anyCovers(facts.names, host) || facts.addresses.includes(host);
}

/** No alternative name at all: only the common name says for whom it is. */
export function isNameless(facts: CertificateFacts): boolean {
  return facts.names.length === 0 && facts.addresses.length === 0;
}
