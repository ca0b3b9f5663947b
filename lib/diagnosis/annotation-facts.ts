/** The annotations of an Ingress that a rule's node carries, so that a changed one can be told. */
import type { Ingress } from '@/lib/kube/objects';
import { maskUrls, REDACTED } from '@/lib/kube/project/secrecy';
import type { RuleDetail } from '@/lib/topology/details';

/** Written by tools for themselves, or states that controllers write back: no configuration of the Ingress. */
const BOOKKEEPING =
  /^(kubectl\.kubernetes\.io|meta\.helm\.sh|[\w.-]*argoproj\.io|[\w.-]*fluxcd\.io|field\.cattle\.io|[\w.-]*rancher\.io|objectset\.rio\.cattle\.io|kapp\.k14s\.io)\/|^ingress\.kubernetes\.io\/(backends|forwarding-rule|https-forwarding-rule|https-target-proxy|ssl-cert|static-ip|target-proxy|url-map)$/;
const MOST = 24;
const LONGEST = 100;

/** By name, in order; nothing where there are none. */
export function annotationFacts({ annotations }: Ingress): Pick<RuleDetail, 'annotations'> {
  const names = Object.keys(annotations).filter((name) => !BOOKKEEPING.test(name));
  if (names.length === 0) return {};
  const pairs = names
    .sort()
    .slice(0, MOST)
    .map((name) => [name, told(name, annotations[name] ?? '')] as const);
  return { annotations: Object.fromEntries(pairs) };
}

/** What should stand in a Secret; names like `auth-secret` only say where one is. */
const CREDENTIAL = /pass(word|phrase|wd)|token|credential|authorization|bearer|api-?key/i;

/** Long values and snippets are told by a fingerprint: enough to see that they changed. */
function told(name: string, value: string): string {
  if (CREDENTIAL.test(name)) return REDACTED;
  const isLong = value.length > LONGEST || value.includes('\n');
  if (isLong || name.includes('snippet')) return `${value.length} characters, fingerprint ${hash(value)}`;
  return maskUrls(value);
}

/** FNV-1a of 32 bits: tells values apart and gives nothing away of a text this long. */
function hash(text: string): string {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return (state >>> 0).toString(16).padStart(8, '0');
}
