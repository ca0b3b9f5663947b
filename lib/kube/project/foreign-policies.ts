import type { AdminPolicy, CalicoPolicy, CiliumPolicy, CiliumRule } from '@/lib/kube/foreign-policy-objects';
import type { LabelSelector } from '@/lib/kube/objects';
import { calicoSelector } from './calico-selector';
import type { Interner } from './interner';
import { labelSelector } from './label-selector';
import { meta } from './meta';
import { list, type Raw, record, text, texts } from './raw';

const KUBERNETES_LABEL = /^(?:k8s|any)[:.]/;
/** A source of labels that is not Kubernetes (`container:`), or what Cilium says of a pod by itself. */
const OWN_LABEL = /^[a-z]+:|^io\.cilium\./;

/** Labels of a Cilium selector without their source; null where it asks for what is not a pod's label. */
function ciliumSelector(value: unknown, interner: Interner): LabelSelector | null {
  const { matchLabels, matchExpressions } = labelSelector(value, interner);
  const plain = (key: string) => key.replace(KUBERNETES_LABEL, '');
  const keys = [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)].map(plain);
  if (keys.some((key) => OWN_LABEL.test(key) || key === '__proto__')) return null;
  return {
    matchLabels: Object.fromEntries(Object.entries(matchLabels).map(([key, one]) => [plain(key), one])),
    matchExpressions: matchExpressions.map((one) => ({ ...one, key: plain(one.key) })),
  };
}

/** `reserved:ingress` and its like are Cilium's own identities: such a rule is for no pod. */
function isReserved(selector: unknown): boolean {
  const { matchLabels } = record(selector);
  return Object.keys(record(matchLabels)).some((key) => /^reserved[:.]/.test(key));
}

/**
 * Whether a rule keeps anything out: rules for ingress deny the rest by default, unless enableDefaultDeny.ingress is false
 * (Cilium 1.16, "Policy enforcement modes"); denials, and rules that look into HTTP, hold even then.
 */
function keepsOut(rule: Raw): boolean {
  if (list(rule.ingressDeny).length > 0) return true;
  const ingress = list(rule.ingress);
  if (record(rule.enableDefaultDeny).ingress !== false) return ingress.length > 0;
  return ingress.some((one) => list(record(one).toPorts).some((port) => record(port).rules !== undefined));
}

/** A CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy (cilium.io/v2): one `spec`, or a list of them. */
export function projectCiliumPolicy(raw: Raw, interner: Interner): CiliumPolicy | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const rules = [raw.spec, ...list(raw.specs)].map(record).flatMap((rule): CiliumRule[] => {
    const selector = rule.endpointSelector;
    if (typeof selector !== 'object' || selector === null || isReserved(selector)) return [];
    return [{ pods: ciliumSelector(selector, interner), ingress: keepsOut(rule) }];
  });
  return { ...common, rules };
}

/** Calico's types: what is named, else ingress unless there are rules for egress alone (Calico reference, NetworkPolicy). */
function isForIngress(spec: Raw): boolean {
  const types = texts(spec.types);
  if (types.length > 0) return types.includes('Ingress');
  return list(spec.ingress).length > 0 || list(spec.egress).length === 0;
}

/** Calico's NetworkPolicy or GlobalNetworkPolicy (crd.projectcalico.org/v1). */
export function projectCalicoPolicy(raw: Raw, interner: Interner): CalicoPolicy | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const spec = record(raw.spec);
  const accounts = text(spec.serviceAccountSelector) !== '';
  return {
    ...common,
    pods: accounts ? null : calicoSelector(text(spec.selector)),
    namespaces: calicoSelector(text(spec.namespaceSelector)),
    ingress: isForIngress(spec),
  };
}

/** An AdminNetworkPolicy or BaselineAdminNetworkPolicy (policy.networking.k8s.io/v1alpha1). */
export function projectAdminPolicy(raw: Raw, interner: Interner): AdminPolicy | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const spec = record(raw.spec);
  const subject = record(spec.subject);
  const pods = record(subject.pods);
  return {
    ...common,
    namespaces: labelSelector(subject.namespaces ?? pods.namespaceSelector, interner),
    pods: labelSelector(pods.podSelector, interner),
    ingress: list(spec.ingress).some((rule) => text(record(rule).action) === 'Deny'),
  };
}
