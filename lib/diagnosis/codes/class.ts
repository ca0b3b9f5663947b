import { codesOf } from './code';

export const CLASS_CODES = codesOf('class', {
  'ingress-class-missing': {
    severity: 'broken',
    meaning: 'The Ingress names an IngressClass that does not exist.',
    when: 'spec.ingressClassName is set and no IngressClass has that name.',
    traps: [
      'The value of the annotation kubernetes.io/ingress.class needs no IngressClass.',
      'Where IngressClasses may not be read it is unknown.',
    ],
    mend: 'Correct the name, or create the IngressClass.',
  },
  'ingress-class-unset': {
    severity: 'broken',
    meaning: 'The Ingress names no class, and nobody takes such Ingresses.',
    when: 'Neither spec.ingressClassName nor the annotation is set, and no running controller accepts Ingresses without class.',
    traps: [
      'The default class is set when an Ingress is created: one that is marked default later does not help it.',
      'GKE, and ingress-nginx with --watch-ingress-without-class, take them.',
    ],
    mend: 'Set spec.ingressClassName.',
  },
  'ingress-class-no-controller': {
    severity: 'broken',
    meaning: 'No running controller claims the class.',
    when: 'spec.controller of the IngressClass is the value of no controller that runs here or is known to run outside.',
    traps: ['A controller of a kind that we do not know may claim it: then it is unknown.'],
    mend: 'Install the controller, or name another class.',
  },
});
