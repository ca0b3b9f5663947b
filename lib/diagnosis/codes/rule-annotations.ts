import { codesOf } from './code';

/** What annotations make of rules. */
export const RULE_ANNOTATION_CODES = codesOf('rule', {
  'rule-canary-orphan': {
    severity: 'broken',
    meaning: 'A canary has no main rule beside it.',
    when: 'ingress-nginx, canary: "true", and no other Ingress of the controller has the same host, path and type without it.',
    traps: [
      'A main Ingress in another namespace counts.',
      'Prefix and ImplementationSpecific are one to ingress-nginx.',
      'Where Ingresses may not be read, nothing is said.',
    ],
    mend: 'Create the main Ingress first.',
  },
  'rule-canary-weight': {
    severity: 'info',
    impact: 'risk',
    meaning: 'The share of a canary is nothing, or cannot be read.',
    when: 'canary-weight is 0 without header or cookie, more than the total, or no number; or nothing chooses requests at all.',
    traps: ['Weight 0 beside a header or cookie is common.', 'canary-weight-total may be more than 100.'],
    mend: 'Give it a weight from 0 to the total, or a header or cookie.',
  },
  'rule-mergeable-orphan': {
    severity: 'broken',
    meaning: 'A minion without master, or a master with paths, is left out.',
    when: "F5's controller: a minion whose host no master names, or a master that has paths.",
    traps: ['The master may be in another namespace.', 'Other controllers ignore the annotation.'],
    mend: 'Create a master Ingress with the host and no paths.',
  },
  'rule-auth-url-broken': {
    severity: 'broken',
    meaning: 'The Service that decides on access cannot be asked.',
    when: 'ingress-nginx, auth-url names a Service of the cluster (NAME.NAMESPACE.svc) that is missing, lacks the port or has no ready pod; or is no address.',
    traps: [
      'Addresses outside the cluster, and those with variables, are not judged.',
      'Headless Services lead to pods, whatever ports they list.',
    ],
    mend: 'Mend the auth Service first.',
  },
  'rule-auth-secret-broken': {
    severity: 'broken',
    meaning: 'A Secret that access depends on is missing or lacks its key.',
    when: 'ingress-nginx, the Secret of auth-secret, auth-tls-secret or proxy-ssl-secret does not exist, or lacks the key auth or ca.crt.',
    traps: [
      'auth-secret without auth-type switches nothing on.',
      'auth-secret-type auth-map has user names as keys.',
      'Secrets that may not be read are not judged; nor is whether another namespace is permitted.',
    ],
    mend: 'Create the Secret with its key.',
  },
  'rule-backend-protocol-mismatch': {
    severity: 'degraded',
    meaning: 'The controller and the Service port seem to speak differently.',
    when: "ingress-nginx: backend-protocol is plain and the port's name, appProtocol or numbers say TLS, or the other way round. Always a warning: names are a hint.",
    traps: [
      'Port 443 that leads to a plain target port.',
      'Ports that say nothing, or two things.',
      'ssl-passthrough.',
    ],
    mend: 'Set backend-protocol to what the pods speak.',
  },
  'rule-redirect-loop-risk': {
    severity: 'warning',
    meaning: 'TLS ends at the load balancer, and the controller redirects to it again.',
    when: 'ingress-nginx: its Service gives the load balancer a certificate and leads 443 to the plain port, the Ingress redirects to https, and the ConfigMap trusts neither X-Forwarded-Proto nor the PROXY protocol.',
    traps: ['A ConfigMap that is not read: nothing is said.', '443 that leads to the TLS port.'],
    mend: 'Set use-forwarded-headers, or redirect at the load balancer only.',
  },
  'rule-annotation-invalid': {
    severity: 'degraded',
    meaning: 'The controller itself complains of this Ingress.',
    when: 'A Warning Event on the Ingress with a reason by which controllers refuse it, seen within the last hour and after its last edit.',
    traps: ['Older Events, and those from before the last edit.', 'No Event proves nothing.'],
    mend: 'Correct what the message names.',
  },
  'rule-alb-action-missing': {
    severity: 'broken',
    meaning: 'A backend names an ALB action that is not defined.',
    when: 'AWS: port use-annotation, and the annotation actions.NAME is missing or no valid JSON.',
    traps: ['No Service of that name is looked for.', 'Other controllers do not know use-annotation.'],
    mend: 'Define the action, or name a port of a Service.',
  },
  'rule-alb-action-target-missing': {
    severity: 'broken',
    meaning: 'An ALB action forwards to a Service or port that does not exist.',
    when: 'AWS: a target group of forwardConfig with weight above zero names a Service that is missing or lacks the port. Degraded where others remain.',
    traps: [
      'Targets by ARN or name of a target group.',
      'Targets with weight 0.',
      'Services that may not be read.',
    ],
    mend: 'Correct serviceName and servicePort.',
  },
  'rule-alb-group-conflict': {
    severity: 'broken',
    meaning: 'Members of an ALB group contradict each other.',
    when: 'AWS: Ingresses of one group.name set different values for scheme, subnets, security groups, address type, name or WAF. Degraded while the old load balancer stays.',
    traps: [
      'Members that say nothing agree with all.',
      'Lists in another order are the same.',
      'Equal group.order is sorted by name.',
    ],
    mend: 'Say it once, or in the IngressClassParams of the class.',
  },
});
