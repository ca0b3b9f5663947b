import { codesOf } from './code';
import { RULE_ANNOTATION_CODES } from './rule-annotations';
import { RULE_CONFLICT_CODES } from './rule-conflicts';
import { RULE_PATH_CODES } from './rule-paths';

export const RULE_CODES = {
  ...codesOf('rule', {
    'check-failed': {
      severity: 'warning',
      meaning: 'The dashboard itself failed to judge something.',
      when: 'A check stopped with an error. Everything else is judged all the same.',
      traps: [],
      mend: 'Nothing in your cluster: please report it with the object concerned.',
    },
    'ingress-missing': {
      severity: 'info',
      impact: 'risk',
      meaning: 'A certificate that an Ingress uses names a host that no rule carries.',
      when: 'A dnsName of the Certificate behind a spec.tls Secret is the host of no rule, literally or by a wildcard of one label, and of no exposed Service.',
      traps: [
        'Certificates that no Ingress uses are for something else.',
        'server-alias and from-to-www-redirect of ingress-nginx carry names too.',
        'A rule for every host carries any name.',
      ],
      mend: 'Add a rule for the host, or take the name out of the Certificate.',
    },
    'ingress-empty': {
      severity: 'broken',
      meaning: 'The Ingress has neither rules nor a default backend.',
      when: 'spec.rules is empty and spec.defaultBackend is not set. The API refuses it; old objects may have it.',
      traps: ['An Ingress with a defaultBackend alone is a catch-all.'],
      mend: 'Give it a rule or a defaultBackend.',
    },
    'rule-host-without-http': {
      severity: 'info',
      impact: 'risk',
      meaning: 'A rule names a host and routes nothing for it.',
      when: 'A rule has no http paths, and no other rule of the Ingress gives its host any.',
      traps: [
        "A master of F5's mergeable Ingresses has no paths on purpose.",
        'Solvers of cert-manager are left out.',
      ],
      mend: 'Add paths, or take the host away.',
    },
    'rule-host-invalid': {
      severity: 'broken',
      meaning: "A rule's host is no host name.",
      when: 'The host has a scheme, a port, an upper-case letter, is an IP address, or has a star elsewhere than as its whole first label.',
      traps: ['*.example.com is a host.'],
      mend: 'Write the plain name.',
    },
    'rule-wildcard-depth': {
      severity: 'info',
      impact: 'risk',
      meaning: 'A name lies deeper than the wildcard host that should take it.',
      when: 'A host of spec.tls is more than one label below a wildcard rule of the Ingress, and no other rule takes it.',
      traps: [
        'Controllers that take several labels for a star (F5, AWS, Istio), or of which it is not known.',
        'A rule of its own, here or in another Ingress.',
      ],
      mend: 'Add a rule for the deeper name.',
    },
    'rule-resource-backend-unsupported': {
      severity: 'broken',
      meaning: 'The controller serves no resource backends.',
      when: 'A backend is a resource and the controller is one that is known to ignore or refuse those.',
      traps: ['Other controllers may serve them: then it is unknown.'],
      mend: 'Use a Service as backend, or a controller that serves this kind.',
    },
    'rule-resource-backend-missing': {
      severity: 'broken',
      meaning: 'The object that a resource backend names does not exist.',
      when: 'Its kind is one that is watched, may be read, and has no object of that name in the namespace.',
      traps: ['Kinds that are not watched, or may not be read, are never called missing.'],
      mend: 'Create the object, or use a Service as backend.',
    },
    'rule-default-backend-none': {
      severity: 'info',
      impact: 'risk',
      meaning: 'Error pages are asked for, and no default backend serves them.',
      when: 'An Ingress of ingress-nginx has custom-http-errors, no default-backend annotation and no defaultBackend, and the controller no --default-backend-service.',
      traps: [
        'Without custom-http-errors the plain 404 of the controller is mostly wanted: nothing is said.',
      ],
      mend: 'Name a Service with the error pages in the annotation default-backend.',
    },
    'rule-default-backend-multiple': {
      severity: 'warning',
      meaning: 'Several Ingresses want to be the default backend of one controller.',
      when: 'Two or more Ingresses of one controller (of one group, with AWS) have a defaultBackend, no rules, and different backends.',
      traps: [
        'On GKE, and with AWS outside groups, each Ingress has a load balancer of its own.',
        'The same backend twice harms nobody.',
      ],
      mend: 'Keep one of them.',
    },
    'rule-catchall-disabled': {
      severity: 'broken',
      meaning: 'The controller drops Ingresses with a default backend.',
      when: 'ingress-nginx runs with --disable-catch-all and the Ingress has a defaultBackend.',
      traps: ['Rules without host beside the flag: what happens to them is not verified, so it is unknown.'],
      mend: 'Take the defaultBackend away, or drop the flag.',
    },
  }),
  ...RULE_CONFLICT_CODES,
  ...RULE_PATH_CODES,
  ...RULE_ANNOTATION_CODES,
};
