import type {
  Certificate,
  CertificateRequest,
  Challenge,
  Issuer,
  IssuerRef,
  Order,
} from '@/lib/kube/cert-manager-objects';
import type { Condition } from '@/lib/kube/objects';
import { condition, LONGEST_MESSAGE } from './containers';
import type { Interner } from './interner';
import { meta } from './meta';
import { cut, list, type Raw, record, text, texts, time } from './raw';

const GROUP = 'cert-manager.io';

function issuerRef(value: unknown): IssuerRef {
  const raw = record(value);
  return { group: text(raw.group) || GROUP, kind: text(raw.kind) || 'Issuer', name: text(raw.name) };
}

function conditions(status: Raw, interner: Interner): readonly Condition[] {
  return list(status.conditions).map((entry) => condition(entry, interner));
}

/** A Certificate. */
export function projectCertificate(raw: Raw, interner: Interner): Certificate | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const spec = record(raw.spec);
  const status = record(raw.status);
  return {
    ...common,
    secretName: text(spec.secretName),
    dnsNames: texts(spec.dnsNames),
    issuer: issuerRef(spec.issuerRef),
    conditions: conditions(status, interner),
    notAfter: time(status.notAfter),
    renewalTime: time(status.renewalTime),
    lastFailureTime: time(status.lastFailureTime),
  };
}

/** An Issuer or ClusterIssuer. */
export function projectIssuer(raw: Raw, interner: Interner): Issuer | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const acme = record(raw.spec).acme;
  return {
    ...common,
    isAcme: typeof acme === 'object' && acme !== null,
    conditions: conditions(record(raw.status), interner),
  };
}

/** A CertificateRequest. */
export function projectCertificateRequest(raw: Raw, interner: Interner): CertificateRequest | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  return {
    ...common,
    issuer: issuerRef(record(raw.spec).issuerRef),
    conditions: conditions(record(raw.status), interner),
  };
}

/** An ACME Order. */
export function projectOrder(raw: Raw, interner: Interner): Order | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const status = record(raw.status);
  return { ...common, state: text(status.state), reason: cut(text(status.reason), LONGEST_MESSAGE) };
}

/** An ACME Challenge; its token and key are dropped. */
export function projectChallenge(raw: Raw, interner: Interner): Challenge | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const spec = record(raw.spec);
  const status = record(raw.status);
  return {
    ...common,
    dnsName: text(spec.dnsName),
    type: text(spec.type),
    state: text(status.state),
    reason: cut(text(status.reason), LONGEST_MESSAGE),
  };
}
