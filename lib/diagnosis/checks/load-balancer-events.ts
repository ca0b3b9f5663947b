/** What whoever makes load balancers says of a Service or an Ingress in its events. */
import { saying } from '@/lib/controllers/log-lines';
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { type Draft, draft } from '@/lib/diagnosis/draft';
import { eventEvidence, freshEvents } from '@/lib/diagnosis/events';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { KubeEvent } from '@/lib/kube/event-object';
import type { Ingress, Service } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';

/** Retries are at most a quarter of an hour apart (LBC's back-off ends at 1000 s, the service controller's at 5 min). */
const WINDOW_MS = 20 * 60_000;

/** Reasons of the service controller, AWS LBC, MetalLB and GCE (CHECKS `lb-sync-error`). */
const SERVICE_REASONS =
  /^(SyncLoadBalancerFailed|FailedBuildModel|FailedDeployModel|FailedNetworkReconcile|AllocationFailed|CreatingLoadBalancerFailed)$/;
const INGRESS_REASONS =
  /^(FailedBuildModel|FailedDeployModel|FailedNetworkReconcile|FailedLoadGroupID|Sync|Translate)$/;
const GCE_FAILURE = /Error syncing to GCP|Translation failed|Error during garbage collection/;
/** Told by `tls-alb-cert-not-found`. */
const NO_CERTIFICATE = /no certificate found for host/i;
const AWS_CONFLICT = /subnet|certificate|conflicting|security ?group/i;

/** `lb-sync-error` of a Service: broken while it has no address, else what was changed since is not live. */
export function serviceSyncError(read: Reader, service: Service): Draft | null {
  const events = freshEvents(read, { kind: 'Service', ...service }, WINDOW_MS).filter(({ reason }) =>
    SERVICE_REASONS.test(reason),
  );
  const [newest] = events;
  if (!newest) return null;
  const subject = refOf('services', service.namespace, service.name, service.uid);
  return syncError(subject, service, service.addresses.length > 0, newest, events);
}

/** `lb-sync-error` and, for what one member of an AWS group spoils for all, `lb-aws-subnet-or-cert-event`. */
export function ingressSyncError(read: Reader, { ingress, controller }: IngressUnit): readonly Found[] {
  const cloud = controller?.type === 'aws-alb' || controller?.type === 'gce' || controller?.type === 'agic';
  if (!cloud) return [];
  const events = freshEvents(read, { kind: 'Ingress', ...ingress }, WINDOW_MS).filter(
    ({ reason, message }) =>
      INGRESS_REASONS.test(reason) &&
      !NO_CERTIFICATE.test(message) &&
      (!/^(Sync|Translate)$/.test(reason) || GCE_FAILURE.test(message)),
  );
  const [newest] = events;
  if (!newest) return [];
  const has = ingress.addresses.length > 0;
  const subject = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
  const conflict = newest.reason === 'FailedBuildModel' && AWS_CONFLICT.test(newest.message);
  const found = conflict
    ? awsConflict(ingress, newest, events)
    : syncError(subject, ingress, has, newest, events);
  return [{ draft: found, status: has ? 'degraded' : 'broken' }];
}

function syncError(
  subject: ReturnType<typeof refOf>,
  object: Service | Ingress,
  hasAddress: boolean,
  newest: KubeEvent,
  events: readonly KubeEvent[],
): Draft {
  const kind = subject.kind;
  return draft({
    code: 'lb-sync-error',
    severity: hasAddress ? 'degraded' : 'broken',
    hop: 'loadbalancer',
    subject,
    title: `The load balancer of ${kind} ${object.name} cannot be made as asked`,
    detail: `${newest.reason}: ${saying(newest.message)}${hasAddress ? '; what it was before goes on' : '; it has no address'}`,
    evidence: events.slice(0, 3).map(eventEvidence),
    fix: {
      summary: 'Mend what the message names: subnets and their tags, quota, permissions, or an annotation.',
      look: [sh`kubectl -n ${object.namespace} describe ${kind.toLowerCase()} ${object.name}`],
      managedBy: managedBy(object),
    },
    startedAt: newest.first,
  });
}

function awsConflict(ingress: Ingress, newest: KubeEvent, events: readonly KubeEvent[]): Draft {
  const group = ingress.annotations['alb.ingress.kubernetes.io/group.name'] ?? '';
  const subject = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
  const all =
    group === '' ? '' : `; no member of group ${group} is brought up to date while one of them is wrong`;
  return draft({
    code: 'lb-aws-subnet-or-cert-event',
    severity: ingress.addresses.length > 0 ? 'degraded' : 'broken',
    hop: 'loadbalancer',
    subject,
    title: `The AWS load balancer of Ingress ${ingress.name} cannot be built`,
    detail: `${saying(newest.message)}${all}`,
    evidence: events.slice(0, 3).map(eventEvidence),
    fix: {
      summary:
        'Correct the annotation that the message names: subnets, certificate, scheme and security groups must agree in a group.',
      look: [
        sh`kubectl -n ${ingress.namespace} describe ingress ${ingress.name}`,
        sh`kubectl -n ${ingress.namespace} get ingress -A -o custom-columns=NS:.metadata.namespace,NAME:.metadata.name,GROUP:.metadata.annotations.alb\\.ingress\\.kubernetes\\.io/group\\.name`,
      ],
      managedBy: managedBy(ingress),
    },
    startedAt: newest.first,
  });
}
