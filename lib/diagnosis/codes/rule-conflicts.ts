import { codesOf } from './code';

/** Rules that get in each other\'s way, and hosts that several claim. */
export const RULE_CONFLICT_CODES = codesOf('rule', {
  'rule-duplicate-host-path': {
    severity: 'broken',
    meaning: 'Another rule has the same host and path, and takes the requests.',
    when: 'One controller serves two rules with the same host, path and type and different backends. Broken where the controller defines who wins, degraded where it does not, warning where only a slash at the end differs, info where both lead to the same backend.',
    traps: [
      "Canaries, minions of F5's controller on different paths, solvers of cert-manager.",
      'Ingresses of GKE, and of AWS outside one group: each has a load balancer of its own.',
      'Annotations that tell requests apart: conditions and group.order of AWS, priorities and entry points of Traefik, methods and headers of Kong, predicates of Skipper.',
      'Ingresses that different controllers serve.',
    ],
    mend: 'Keep the rule in one Ingress.',
  },
  'rule-shadowed-path': {
    severity: 'warning',
    meaning: 'An earlier rule takes every request that this one would.',
    when: 'A rule that the controller tries first is open-ended and begins with a part of this path: expressions of ingress-nginx by length, Prefix of Traefik by the length of its text, rules of AWS in their order.',
    traps: [
      'Where the longest path comes first by itself, no Prefix shadows another.',
      'Both lead to the same backend.',
      'Expressions whose reach cannot be told.',
    ],
    mend: 'Narrow the wider path, or bring the narrower one before it.',
  },
  'rule-duplicate-host-other-class': {
    severity: 'warning',
    impact: 'risk',
    meaning: 'One host is served by controllers of different classes.',
    when: 'Ingresses of one host name different classes, which different controllers serve. Info where one of them looks internal. Told once for each pair of classes.',
    traps: [
      'Two classes of one controller lead to the same place.',
      'An inner and an outer view of one name (split DNS) is a design.',
    ],
    mend: 'Nothing, if inside and outside are kept apart; else serve the host by one class.',
  },
  'rule-host-across-namespaces': {
    severity: 'warning',
    impact: 'risk',
    meaning: 'Several namespaces define rules for one host.',
    when: 'Ingresses of one host stand in two or more namespaces. Warning where they claim the same path, info where each has its own. Told once for each set of namespaces.',
    traps: ['Each team its own path is a design.', 'Solvers of cert-manager are left out.'],
    mend: 'Let an admission policy say which namespace may use which host.',
  },
  'rule-host-wildcard': {
    severity: 'warning',
    impact: 'risk',
    meaning: 'A wildcard host answers for every name without a rule of its own.',
    when: "A rule's host begins with *. Told once for the cluster.",
    traps: ['Preview, test and staging names or namespaces, where hosts come and go.'],
    mend: 'Name the hosts that are meant.',
  },
  'rule-host-empty': {
    severity: 'warning',
    impact: 'risk',
    meaning: 'Rules without host take requests for every name.',
    when: 'A rule has no host while other Ingresses name theirs. One finding for all of them.',
    traps: [
      'Nothing else is served: a cluster of one tenant.',
      'Ingresses of GKE, and of AWS outside groups, have an address of their own.',
      'Solvers of cert-manager.',
    ],
    mend: 'Name the host.',
  },
});
