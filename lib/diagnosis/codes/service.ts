import { codesOf } from './code';

export const SERVICE_CODES = codesOf('service', {
  'service-missing': {
    severity: 'broken',
    meaning: 'The backend Service does not exist.',
    when: 'A rule names a Service that is not in the Ingress’ namespace.',
    traps: [
      'Names of ALB actions (use-annotation) are no Services.',
      'Where Services may not be read it is unknown.',
    ],
    mend: 'Correct the name, or create the Service.',
  },
  'service-in-other-namespace': {
    severity: 'broken',
    meaning: 'A Service of that name exists, but in another namespace.',
    when: 'The backend Service is missing in the Ingress’ namespace, and another namespace has one of that name.',
    traps: ['An Ingress cannot reach across namespaces.'],
    mend: 'Move the Ingress next to the Service.',
  },
  'service-port-missing': {
    severity: 'broken',
    meaning: 'The Service has no such port.',
    when: 'The rule’s port number is none of the Service’s ports, or its name none of their names.',
    traps: [
      'Numbers and names are compared apart: an unnamed port is not the empty name.',
      'An ExternalName Service without ports works on ingress-nginx.',
    ],
    mend: 'Name one of the Service’s ports.',
  },
  'service-port-is-targetport': {
    severity: 'broken',
    meaning: 'The Ingress names a target port instead of the Service’s port.',
    when: 'The number is no port of the Service, but the targetPort of one.',
    traps: ['ingress-nginx tolerates it: a warning there.'],
    mend: 'Name the Service’s port.',
  },
  'service-selector-no-match': {
    severity: 'broken',
    meaning: 'The Service’s selector matches no pod and no workload.',
    when: 'No pod carries the selector’s labels, and no workload’s template does.',
    traps: [
      'A workload that is scaled to zero has no pods for another reason.',
      'A Service without selector has endpoints of its own.',
    ],
    mend: 'Make selector and labels agree.',
  },
});
