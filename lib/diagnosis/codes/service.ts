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
  'service-selectorless': {
    severity: 'info',
    impact: 'risk',
    meaning: 'The Service has no selector: somebody else keeps its endpoints.',
    when: 'A Service behind a live rule has no selector and is no ExternalName.',
    traps: ['ExternalName Services have none by design.', 'It is legal, and no fault by itself.'],
    mend: 'Know who keeps its EndpointSlices.',
  },
  'service-selector-too-broad': {
    severity: 'degraded',
    meaning: 'The selector takes in pods that do not serve this port.',
    when: 'Pods of several workloads stand behind it, and those of some declare ports, but not the target port: a warning.',
    traps: [
      'Blue and green, or stable and canary, which declare the same port.',
      'Pods that declare no ports.',
    ],
    mend: 'Add a label to the selector.',
  },
  'service-duplicate-selector': {
    severity: 'info',
    impact: 'risk',
    meaning: 'Two Services lead to the same pods and ports.',
    when: 'Two Services of a namespace have one selector and a target port in common, and live rules lead to both.',
    traps: [
      'A headless or metrics twin that no rule reaches.',
      'The two Services of an Argo Rollout, which are equal at rest.',
    ],
    mend: 'Nothing, if that is meant.',
  },
  'service-externalname': {
    severity: 'warning',
    impact: 'risk',
    meaning: 'The backend is an ExternalName: its health is not seen.',
    when: 'A rule that is served leads to a Service of type ExternalName.',
    traps: ['Such a Service behind no rule.'],
    mend: 'Prefer a proxy in the cluster, or endpoints of its own.',
  },
  'service-externalname-blocked': {
    severity: 'broken',
    meaning: 'The controller does not follow ExternalName Services.',
    when: 'ingress-nginx runs with --disable-svc-external-name, Traefik without allowExternalNameServices, or it is an ALB or a GCE balancer.',
    traps: ['Flags or files that cannot be read (Contour’s): it is not known then.'],
    mend: 'Replace the Service, or allow such Services knowingly.',
  },
  'service-externalname-loopback': {
    severity: 'broken',
    meaning: 'The ExternalName means the controller itself.',
    when: 'externalName is localhost, a loopback, link-local or unspecified address.',
    traps: ['Names that merely contain the word.'],
    mend: 'Name what really serves.',
  },
  'service-externalname-unresolved': {
    severity: 'broken',
    meaning: 'The ExternalName does not resolve.',
    when: 'Two DNS servers agree that it has no address; where one alone says so, a warning that names it.',
    traps: [
      'Time-outs and refusals are no answers.',
      'Names of the cluster’s own DNS are followed, not asked for.',
    ],
    mend: 'Correct the name.',
  },
  'service-headless-unsupported': {
    severity: 'broken',
    meaning: 'The controller needs a cluster address, and the Service is headless.',
    when: 'clusterIP is None, and it is behind an ALB with instance targets, a GCE balancer without NEG, or Traefik’s nativeLB.',
    traps: [
      'Controllers that read EndpointSlices need none.',
      'An unreadable IngressClassParams may say otherwise.',
    ],
    mend: 'Give it a cluster address, or let the controller reach pods.',
  },
  'service-type-unsupported-by-lb': {
    severity: 'broken',
    meaning: 'The load balancer needs node ports, and the Service is a ClusterIP.',
    when: 'An ALB with instance targets, or a GCE balancer without NEG, leads to a Service of type ClusterIP.',
    traps: [
      'Target type ip by annotation or by the controller’s default.',
      'IngressClass parameters, which are not read: it is not known then.',
    ],
    mend: 'Use target type ip or a NEG, or make it a NodePort Service.',
  },
  'service-protocol-not-tcp': {
    severity: 'broken',
    meaning: 'The rule names a port that is not TCP.',
    when: 'The backend’s port is UDP or SCTP: broken on ingress-nginx, a warning elsewhere.',
    traps: ['A twin of HTTP/3: the same number by TCP too.'],
    mend: 'Name a TCP port.',
  },
  'service-terminating': {
    severity: 'degraded',
    meaning: 'The Service was deleted and is held by a finalizer.',
    when: 'metadata.deletionTimestamp is set beyond the hold time, and it is behind a live rule or exposed.',
    traps: ['A load balancer that is being taken down, behind no rule and no longer exposed.'],
    mend: 'Create it anew if it is still wanted.',
  },
});
