/** What the annotations of an Ingress ask of cert-manager (its ingress-shim), and how they contradict themselves. */
import type { Check, IngressUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { IssuerRef } from '@/lib/kube/cert-manager-objects';
import type { Ingress } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import { CERT_MANAGER } from './cert-manager-issuer';

const ISSUER = 'cert-manager.io/issuer';
const CLUSTER_ISSUER = 'cert-manager.io/cluster-issuer';
const TLS_ACME = 'kubernetes.io/tls-acme';
/** cert-manager marks the Ingresses that it makes to answer challenges (CHECKS 3.13). */
const SOLVER = 'acme.cert-manager.io/http01-solver';

/** Whether cert-manager itself made the Ingress to answer a challenge. */
export function isSolver({ labels }: Ingress): boolean {
  return labels[SOLVER] === 'true';
}

export interface Asked {
  readonly annotation: string;
  readonly issuer: IssuerRef;
}

/** The issuer that annotations name; null when they name none, or two. `tls-acme` leaves it to cert-manager's own flags. */
export function askedIssuer({ annotations }: Ingress): Asked | null {
  const issuer = annotations[ISSUER] ?? '';
  const clusterIssuer = annotations[CLUSTER_ISSUER] ?? '';
  if (issuer !== '' && clusterIssuer !== '') return null;
  if (clusterIssuer !== '')
    return {
      annotation: CLUSTER_ISSUER,
      issuer: { group: CERT_MANAGER, kind: 'ClusterIssuer', name: clusterIssuer },
    };
  if (issuer === '') return null;
  const group = annotations['cert-manager.io/issuer-group'] || CERT_MANAGER;
  const kind = annotations['cert-manager.io/issuer-kind'] || 'Issuer';
  return { annotation: ISSUER, issuer: { group, kind, name: issuer } };
}

/** Whether cert-manager is asked for certificates at all. */
export function asksCertManager({ annotations }: Ingress): boolean {
  return (
    annotations[TLS_ACME] === 'true' ||
    [ISSUER, CLUSTER_ISSUER].some((key) => (annotations[key] ?? '') !== '')
  );
}

/** `certmanager-annotations-conflict`: both kinds of issuer are named, so cert-manager does nothing. */
export function annotationsConflict(ingress: Ingress, severity: 'broken' | 'degraded'): Draft | null {
  const { namespace, name, annotations } = ingress;
  if (!annotations[ISSUER] || !annotations[CLUSTER_ISSUER]) return null;
  const subject = refOf('ingresses', namespace, name, ingress.uid);
  return draft({
    code: 'certmanager-annotations-conflict',
    severity,
    hop: 'tls',
    subject,
    title: `Ingress ${name} names two issuers`,
    detail: `both ${ISSUER} and ${CLUSTER_ISSUER} are set, so cert-manager makes no certificate`,
    evidence: [ISSUER, CLUSTER_ISSUER].map((key) =>
      evidence(subject, `metadata.annotations[${key}]`, annotations[key]),
    ),
    fix: {
      summary: 'Keep one of the two annotations.',
      look: [sh`kubectl -n ${namespace} describe ingress ${name}`],
      change: [sh`kubectl -n ${namespace} annotate ingress ${name} ${`${ISSUER}-`}`],
      managedBy: managedBy(ingress),
    },
  });
}

/** `certmanager-annotation-no-tls`: an issuer is named, but no TLS entry says what for. */
export const annotationNoTls: Check<IngressUnit> = {
  name: 'certmanager-annotation-no-tls',
  run: (_, { ingress }) => {
    const asked = askedIssuer(ingress);
    if (!asked || isSolver(ingress)) return [];
    const bad = ingress.tls.findIndex((entry) => entry.hosts.length === 0 || entry.secretName === '');
    if (ingress.tls.length > 0 && bad < 0) return [];
    const { namespace, name } = ingress;
    const subject = refOf('ingresses', namespace, name, ingress.uid);
    const lacks = ingress.tls[bad]?.secretName === '' ? 'secretName' : 'hosts';
    const found = draft({
      code: 'certmanager-annotation-no-tls',
      severity: 'warning',
      impact: 'risk',
      hop: 'tls',
      subject,
      title: `Ingress ${name} asks for a certificate without saying for what`,
      detail:
        bad < 0
          ? `${asked.annotation} is set, but spec.tls is not: cert-manager makes no certificate`
          : `${asked.annotation} is set, but TLS entry ${bad} has no ${lacks}: cert-manager makes no certificate for it`,
      evidence: [
        evidence(subject, `metadata.annotations[${asked.annotation}]`, asked.issuer.name),
        evidence(subject, bad < 0 ? 'spec.tls' : `spec.tls[${bad}].${lacks}`, 'not set'),
      ],
      fix: {
        summary: 'Add a TLS entry with the hosts and the name of the Secret to be made.',
        look: [sh`kubectl -n ${namespace} get ingress ${name} -o yaml`],
        managedBy: managedBy(ingress),
      },
    });
    return [{ draft: found }];
  },
};
