/** `tls-alb-cert-not-found`, `tls-gce-managed-cert-inactive`: certificates that clouds hold. */
import type { Check, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { eventsOf } from '@/lib/diagnosis/events';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { refOf } from '@/lib/kube/resources';

/** Events are kept for an hour; an older one speaks of the past (CHECKS 3.30). */
const EVENT_MS = 3_600_000;
const NOT_FOUND = /no certificate found for host/i;

/** The AWS Load Balancer Controller leaves the load balancer as it was until it finds a certificate. */
export const albCertificateNotFound: Check<IngressUnit> = {
  name: 'tls-alb-cert-not-found',
  run: (read, { ingress, controller }) => {
    if (controller?.type !== 'aws-alb') return [];
    const { namespace, name, edited } = ingress;
    const event = eventsOf(read, 'Ingress', namespace, name)
      .filter(({ message, last }) => NOT_FOUND.test(message) && last !== null)
      .sort((a, b) => (b.last ?? 0) - (a.last ?? 0))[0];
    const last = event?.last ?? null;
    if (!event || last === null || read.reached(last + EVENT_MS) || (edited && edited.at > last)) return [];
    const subject = refOf('ingresses', namespace, name, ingress.uid);
    const found = draft({
      code: 'tls-alb-cert-not-found',
      severity: 'broken',
      hop: 'tls',
      subject,
      title: `AWS finds no certificate for Ingress ${name}`,
      detail: `the load balancer is not brought up to date until there is one: ${event.message}`,
      evidence: [evidence(subject, `event ${event.reason}`, event.message, last)],
      fix: {
        summary:
          'Import a certificate into ACM in the load balancer’s region, or name one by alb.ingress.kubernetes.io/certificate-arn.',
        look: [sh`kubectl -n ${namespace} describe ingress ${name}`],
        managedBy: managedBy(ingress),
      },
    });
    return [{ draft: found, status: 'degraded' }];
  },
};

const MANAGED = 'networking.gke.io/managed-certificates';

/** ManagedCertificates are not among the resources that are read: one finding says so for all of them. */
export const gceManagedCertificate: Check<IngressUnit> = {
  name: 'tls-gce-managed-cert-inactive',
  run: (_, { ingress, controller }) => {
    const names = ingress.annotations[MANAGED] ?? '';
    if (controller?.type !== 'gce' || names === '') return [];
    const found = draft({
      code: 'tls-gce-managed-cert-inactive',
      severity: 'info',
      state: 'unknown',
      impact: 'risk',
      hop: 'tls',
      subject: {
        group: 'networking.gke.io',
        version: 'v1',
        resource: 'managedcertificates',
        kind: 'ManagedCertificate',
        namespace: '',
        name: '*',
      },
      related: [refOf('ingresses', ingress.namespace, ingress.name, ingress.uid)],
      title: 'Google-managed certificates cannot be checked',
      detail: 'ManagedCertificates are not read by this version, so whether they are active is not known',
      fix: {
        summary: 'Look at their domainStatus: FailedNotVisible means that DNS does not lead here yet.',
        look: [sh`kubectl -n ${ingress.namespace} get managedcertificates`],
      },
    });
    return [{ draft: found }];
  },
};
