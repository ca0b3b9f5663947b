/** Narrow shapes of cert-manager's objects (cert-manager.io/v1, acme.cert-manager.io/v1). */
import type { Condition, Meta } from './objects';

export interface IssuerRef {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

export interface Certificate extends Meta {
  readonly secretName: string;
  readonly dnsNames: readonly string[];
  readonly issuer: IssuerRef;
  readonly conditions: readonly Condition[];
  readonly notAfter: number | null;
  readonly renewalTime: number | null;
  readonly lastFailureTime: number | null;
}

/** Issuer or ClusterIssuer. */
export interface Issuer extends Meta {
  readonly isAcme: boolean;
  readonly conditions: readonly Condition[];
}

export interface CertificateRequest extends Meta {
  readonly issuer: IssuerRef;
  readonly conditions: readonly Condition[];
}

/** ACME order. */
export interface Order extends Meta {
  readonly state: string;
  readonly reason: string;
}

/** ACME challenge. */
export interface Challenge extends Meta {
  readonly dnsName: string;
  readonly type: string;
  readonly state: string;
  readonly reason: string;
}
