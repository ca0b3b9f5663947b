/** What controllers themselves complain of, in Warning Events on the Ingress. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence, isoTime } from '@/lib/diagnosis/draft';
import { freshEvents } from '@/lib/diagnosis/fresh-events';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { KubeEvent } from '@/lib/kube/event-object';
import type { Reader } from '@/lib/state/cells';
import { paramsComplaint } from './class-params';
import { counted, ingressRef, isSolver, lookAt } from './ingress-parts';

/** Reasons by which controllers refuse an Ingress or a part of it (ingress-nginx, F5, haproxy-ingress, AGIC); those of cloud load balancers are told at their hop. */
const REASONS: ReadonlySet<string> = new Set([
  'AnnotationParsingFailed',
  'Rejected',
  'AddedOrUpdatedWithWarning',
  'AddedOrUpdatedWithError',
  'UpdatedWithError',
  'UpdatedWithWarning',
  'BadConfig',
  'InvalidValue',
]);

/** `rule-annotation-invalid`: the newest of the fresh complaints; others with the same reason are counted. */
export function complaints(read: Reader, { ingress, rules }: IngressUnit): readonly Found[] {
  if (isSolver(ingress)) return [];
  const fresh = freshEvents(read, 'Ingress', ingress).filter(({ reason }) => REASONS.has(reason));
  const newest = fresh[0];
  if (!newest || paramsComplaint(newest.message) !== null) return [];
  const mild = newest.reason.endsWith('WithWarning');
  const found = draft({
    code: 'rule-annotation-invalid',
    severity: mild ? 'warning' : 'degraded',
    hop: 'rule',
    subject: ingressRef(ingress),
    discriminator: newest.reason,
    startedAt: newest.first,
    title: `${newest.source || 'The controller'} complains of Ingress ${ingress.name}: ${newest.reason}`,
    detail: `${messageOf(newest)} (${counted(newest.count, 'time')}, last at ${newest.last === null ? 'an unknown time' : isoTime(newest.last)})`,
    evidence: fresh
      .slice(0, 5)
      .map((event) => evidence(ingressRef(ingress), `event ${event.reason}`, event.message, event.last)),
    fix: {
      summary:
        'Correct what the message names; until then the controller may go on with the configuration from before.',
      look: [
        sh`kubectl -n ${ingress.namespace} events --for ${`ingress/${ingress.name}`} --types=Warning`,
        lookAt(ingress),
      ],
      managedBy: managedBy(ingress),
    },
  });
  return [
    { draft: found, rules: rules.map((rule) => rule.id), ...(mild ? {} : { status: 'degraded' as const }) },
  ];
}

/** One line, as an Event may say anything. */
function messageOf({ message }: KubeEvent): string {
  return message.replace(/\s+/g, ' ').trim() || 'no message';
}
