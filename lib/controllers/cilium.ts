/** Cilium's Ingress support: SEMANTICS 2.9 and 3; operator/pkg/ingress isCiliumManagedIngress. */
import type { Workload } from '@/lib/kube/objects';
import { classAnnotation, no, unknown, yes } from './acceptance';
import { readBoolean } from './arguments';
import { type Evidence, findEvidence } from './evidence';
import { recognised } from './recognised';
import type { Acceptance, AcceptanceQuery, Confidence, Controller, RecognisedWorkload } from './types';

const VALUE = 'cilium.io/ingress-controller';
const CLASS = 'cilium';
const SWITCH = 'enable-ingress-controller';

const OPERATOR = {
  images: [
    'cilium/operator',
    'cilium/operator-generic',
    'cilium/operator-aws',
    'cilium/operator-azure',
    'cilium/operator-alibabacloud',
  ],
  programs: ['cilium-operator', 'cilium-operator-generic'],
} as const;

const AGENT = { images: ['cilium/cilium', 'cilium/cilium-envoy'], programs: ['cilium-agent'] } as const;

/** Most Cilium clusters use it as network only; the switch lies in the ConfigMap cilium-config, so this stays a guess. */
function confidence({ args }: Evidence): Confidence {
  return readBoolean(args, SWITCH, false) === true ? 'certain' : 'guess';
}

function recognise(workload: Workload): RecognisedWorkload | null {
  const operator = findEvidence(workload, OPERATOR);
  const found = operator ?? findEvidence(workload, AGENT);
  if (!found) return null;
  const sure = confidence(found);
  return recognised('cilium', workload, found, {
    role: operator ? 'control' : 'data',
    controllerValues: [VALUE],
    ingressClass: CLASS,
    classByName: true,
    servesIngress: sure === 'certain' ? true : 'unknown',
    unreadable: sure === 'certain' ? [] : [SWITCH],
    confidence: sure,
  });
}

/** By the name `cilium`, annotation before field; without class when IngressClass cilium is the default. */
function accept({ instance, ingress, ingressClass, context }: AcceptanceQuery): Acceptance {
  const name = classAnnotation(ingress) ?? ingress.className ?? '';
  const own = context.classes?.find((candidate) => candidate.name === CLASS);
  if (name === '') {
    if (!context.classes) return unknown('the default IngressClass cannot be read');
    return own?.isDefault
      ? yes(`IngressClass ${CLASS} is the default`)
      : no(`the Ingress names no class, and IngressClass ${CLASS} is not the default`);
  }
  if (name !== CLASS) return no(`the class is "${name}", this controller takes "${CLASS}"`);
  const named = ingressClass !== null && typeof ingressClass === 'object' ? ingressClass : own;
  if (instance.servesIngress === true || named?.controller === VALUE) return yes(`the class is ${CLASS}`);
  return unknown(
    `the class is ${CLASS}, but whether its ingress controller is on (cilium-config, ${SWITCH}) cannot be read`,
  );
}

export const cilium: Controller = {
  type: 'cilium',
  title: 'Cilium Ingress',
  note: 'Its load balancer Services have no pods behind them: Envoy on each node takes the traffic.\nNetwork policies see it as the identity ingress, not as a pod.',
  answers: () => ({
    serviceMissing: null,
    noEndpoints: null,
    portMissing: null,
    noRoute: 404,
    tlsFallback: 'handshake-fails',
    endpointsUse: 'ready',
    portByTargetPort: false,
    autoRedirect: null,
    dropsRoute: false,
  }),
  recognise,
  accept,
};
