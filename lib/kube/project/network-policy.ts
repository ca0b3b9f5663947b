import type { NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from '@/lib/kube/policy-objects';
import type { Interner } from './interner';
import { labelSelector, optionalSelector } from './label-selector';
import { meta } from './meta';
import { list, number, type Raw, record, text, texts } from './raw';

function port(entry: unknown): PolicyPort {
  const raw = record(entry);
  const named = typeof raw.port === 'string' && raw.port !== '' ? raw.port : null;
  return {
    protocol: text(raw.protocol) || 'TCP',
    port: typeof raw.port === 'number' ? raw.port : named,
    endPort: number(raw.endPort),
  };
}

function peer(entry: unknown, interner: Interner): PolicyPeer {
  const raw = record(entry);
  const block = record(raw.ipBlock);
  return {
    podSelector: optionalSelector(raw.podSelector, interner),
    namespaceSelector: optionalSelector(raw.namespaceSelector, interner),
    ipBlock: text(block.cidr) === '' ? null : { cidr: text(block.cidr), except: texts(block.except) },
  };
}

function rules(value: unknown, side: 'from' | 'to', interner: Interner): readonly PolicyRule[] {
  return list(value).map((entry) => {
    const raw = record(entry);
    return {
      peers: list(raw[side]).map((one) => peer(one, interner)),
      ports: list(raw.ports).map(port),
    };
  });
}

/** A NetworkPolicy. Without policyTypes it isolates ingress, and egress if it has egress rules (API reference, v1). */
export function projectNetworkPolicy(raw: Raw, interner: Interner): NetworkPolicy | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const spec = record(raw.spec);
  const types = texts(spec.policyTypes);
  const egress = rules(spec.egress, 'to', interner);
  return {
    ...common,
    podSelector: labelSelector(spec.podSelector, interner),
    isolatesIngress: types.length === 0 || types.includes('Ingress'),
    isolatesEgress: types.length === 0 ? egress.length > 0 : types.includes('Egress'),
    ingress: rules(spec.ingress, 'from', interner),
    egress,
  };
}
