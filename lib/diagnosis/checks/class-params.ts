/** Parameters of IngressClasses: judged by what the class says, and by what the AWS controller complains of. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { CLOUD_HOLD_MS, type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { freshEvents } from '@/lib/diagnosis/fresh-events';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import type { KubeEvent } from '@/lib/kube/event-object';
import type { IngressClass } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { object } from '@/lib/topology/reads';
import { ingressRef, lookAt } from './ingress-parts';

/** What an Event says of the class' parameters (AWS LBC, pkg/ingress/class_loader.go). */
export function paramsComplaint(message: string): 'missing' | 'forbidden' | null {
  if (/namespaceSelector of IngressClassParams \S+ mismatch/.test(message)) return 'forbidden';
  return /ingressclassparams\S* \S+ not found/i.test(message) ? 'missing' : null;
}

interface Fault {
  readonly kind: 'missing' | 'forbidden';
  readonly why: string;
  readonly event: KubeEvent | null;
}

/** The class of an Ingress where it has parameters. */
function classWithParams(read: Reader, { ingress }: IngressUnit): IngressClass | null {
  const found =
    ingress.className === null ? undefined : object(read, 'ingressclasses', objectKey('', ingress.className));
  return found?.parameters ? found : null;
}

function faultOf(read: Reader, unit: IngressUnit, { parameters, controller }: IngressClass): Fault | null {
  if (!parameters) return null;
  if (parameters.scope === 'Namespace' && parameters.namespace === '')
    return { kind: 'missing', why: 'scope is Namespace, and no namespace is named', event: null };
  if (controller !== 'ingress.k8s.aws/alb') return null;
  if (parameters.group !== 'elbv2.k8s.aws' || parameters.kind !== 'IngressClassParams')
    return {
      kind: 'missing',
      why: `the controller reads IngressClassParams of elbv2.k8s.aws, not ${parameters.kind || 'nothing'} of ${parameters.group || 'the core group'}`,
      event: null,
    };
  for (const event of freshEvents(read, 'Ingress', unit.ingress)) {
    const kind = paramsComplaint(event.message);
    if (kind) return { kind, why: event.message.replace(/\s+/g, ' ').trim(), event };
  }
  return null;
}

/** `ingress-class-params-missing` and `ingress-class-params-forbidden`. */
export function classParams(read: Reader, unit: IngressUnit): readonly Found[] {
  const own = classWithParams(read, unit);
  if (!own) return [];
  const fault = faultOf(read, unit, own);
  if (fault)
    return [
      {
        draft: faultDraft(unit, own, fault),
        status: unit.ingress.addresses.length > 0 ? 'degraded' : 'broken',
      },
    ];
  return unreadable(unit, own);
}

/**
 * IngressClassParams are not read: where an Ingress of the class stays without address, they may be why. Told once for the
 * class, as unknown.
 */
function unreadable({ ingress, controller }: IngressUnit, own: IngressClass): readonly Found[] {
  if (
    controller?.type !== 'aws-alb' ||
    ingress.addresses.length > 0 ||
    own.parameters?.kind !== 'IngressClassParams'
  )
    return [];
  const found = draft({
    code: 'ingress-class-params-forbidden',
    severity: 'warning',
    state: 'unknown',
    hop: 'class',
    subject: refOf('ingressclasses', '', own.name, own.uid),
    related: [ingressRef(ingress)],
    holdMs: CLOUD_HOLD_MS,
    startedAt: ingress.created,
    title: `Whether class ${own.name} admits this namespace is not known`,
    detail: `IngressClassParams ${own.parameters.name} are not read here; they may be missing, or their namespaceSelector may leave ${ingress.namespace} out, and the Ingress has no address`,
    evidence: [
      evidence(refOf('ingressclasses', '', own.name, own.uid), 'spec.parameters.name', own.parameters.name),
    ],
    fix: {
      summary: 'Look at the namespaceSelector of the IngressClassParams and at the labels of the namespace.',
      look: [sh`kubectl get ingressclass ${own.name} -o yaml`, lookAt(ingress)],
      managedBy: managedBy(own),
    },
  });
  return [{ draft: found }];
}

function faultDraft({ ingress, rules }: IngressUnit, own: IngressClass, { kind, why, event }: Fault): Draft {
  const live = ingress.addresses.length > 0;
  const forbidden = kind === 'forbidden';
  const subject = forbidden ? ingressRef(ingress) : refOf('ingressclasses', '', own.name, own.uid);
  const words = forbidden ? `not admitted to class ${own.name}` : 'not carried out';
  return draft({
    code: forbidden ? 'ingress-class-params-forbidden' : 'ingress-class-params-missing',
    severity: live ? 'degraded' : 'broken',
    hop: 'class',
    subject,
    related: forbidden ? [refOf('ingressclasses', '', own.name, own.uid)] : [ingressRef(ingress)],
    title: live
      ? `Class ${own.name} refuses changes of Ingress ${ingress.name}`
      : symptomTitle(rules, words, `Ingress ${ingress.name} is ${words}`),
    detail: `${why}${live ? '; what was carried out before stays' : ''}`,
    evidence: [
      event
        ? evidence(ingressRef(ingress), `event ${event.reason}`, event.message, event.last)
        : evidence(refOf('ingressclasses', '', own.name, own.uid), 'spec.parameters', own.parameters),
    ],
    fix: {
      summary: forbidden
        ? 'Give the namespace the labels that the class asks for, or use another class.'
        : 'Create the parameters object, or correct spec.parameters of the class.',
      look: [
        sh`kubectl get ingressclass ${own.name} -o yaml`,
        ...(forbidden
          ? [sh`kubectl -n ${ingress.namespace} get namespace ${ingress.namespace} --show-labels`]
          : []),
      ],
      managedBy: managedBy(own),
    },
  });
}
