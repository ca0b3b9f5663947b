import { codesOf } from './code';

/** What a path means by its type, as an expression, and after a rewrite. */
export const RULE_PATH_CODES = codesOf('rule', {
  'rule-pathtype-regex-mismatch': {
    severity: 'broken',
    meaning: 'A path is an expression, and its type compares letter by letter.',
    when: "A path with ( ) [ ] * + ? ^ $ or a backslash has pathType Exact or Prefix. Warning where ingress-nginx reads the host's paths as expressions anyway: from 1.12 on its admission refuses the next change.",
    traps: [
      'Dots, dashes, underscores and tildes are literal everywhere.',
      'Stars on AWS and GKE: see rule-pathtype-wildcard.',
      "nginx.org/path-regex of F5's controller.",
    ],
    mend: 'Use pathType ImplementationSpecific, with use-regex on ingress-nginx.',
  },
  'rule-pathtype-wildcard': {
    severity: 'broken',
    meaning: 'AWS and GKE refuse a star in an Exact or Prefix path.',
    when: 'A path with * has pathType Exact or Prefix, and the AWS or GKE controller serves it.',
    traps: ['With pathType ImplementationSpecific /* is right there.'],
    mend: 'Write the Prefix without the star.',
  },
  'rule-pathtype-exact-suspect': {
    severity: 'warning',
    meaning: 'Only one address is served where a site was probably meant.',
    when: 'pathType is Exact on / or on a path that ends in a slash, and no other rule of the host takes what it leaves out.',
    traps: [
      'Exact on health and callback paths is right.',
      'Ingresses that redirect, or have a defaultBackend.',
      'Another rule takes the rest.',
    ],
    mend: 'Use pathType Prefix.',
  },
  'rule-pathtype-implspecific': {
    severity: 'warning',
    impact: 'risk',
    meaning: 'What a path matches is left to the controller.',
    when: 'A plain path has pathType ImplementationSpecific: info, once for the cluster. On GKE a path without /* is one address: warning at the Ingress.',
    traps: ['Expressions need this type.', 'Paths that end in a star.', 'Solvers of cert-manager.'],
    mend: 'Use Prefix or Exact where no expression is needed; on GKE add /*.',
  },
  'rule-prefix-boundary': {
    severity: 'info',
    impact: 'risk',
    meaning: 'A Prefix ends inside a word, and takes no longer word.',
    when: 'A Prefix path ends in - _ . = or ~, and the controller compares whole elements.',
    traps: [
      'Controllers that compare text (F5, Traefik, AGIC), and ingress-nginx where it reads expressions.',
    ],
    mend: 'Add the longer paths, if they are meant.',
  },
  'rule-rewrite-no-capture': {
    severity: 'warning',
    meaning: 'A rewrite sends everything below a path to one address.',
    when: 'ingress-nginx, rewrite-target without $N, on a path deeper than / that is not Exact.',
    traps: [
      'A path that is exactly one address.',
      'On / there is nothing to strip.',
      'One page for all paths may be meant: it is a warning.',
    ],
    mend: 'Path /x(/|$)(.*) with rewrite-target /$2.',
  },
  'rule-rewrite-capture-out-of-range': {
    severity: 'broken',
    meaning: 'A rewrite refers to a group that the path does not have.',
    when: 'ingress-nginx, rewrite-target with $N, and a path with fewer groups. Degraded where other paths of the Ingress have them.',
    traps: ['Groups that do not capture, escaped brackets and sets are not counted; named groups are.'],
    mend: 'Give the path the group, or refer to one that it has.',
  },
  'rule-regex-spillover': {
    severity: 'warning',
    meaning: 'One Ingress makes the paths of others on its host expressions.',
    when: 'ingress-nginx: one Ingress of a host has use-regex or rewrite-target, and another one on the host has Exact paths, or words that now take longer ones. Told once, at the first.',
    traps: ['Annotations of a canary do not count.', 'Prefix / means the same either way.'],
    mend: 'Give the Ingress with expressions a host of its own, or end these paths with $.',
  },
  'rule-regex-invalid': {
    severity: 'broken',
    meaning: 'A path is read as an expression and does not compile.',
    when: 'Brackets that do not close, or repetition of nothing; with Traefik and Contour (RE2) lookaround and back references too.',
    traps: [
      "Syntax that only the controller's own engine knows is not judged.",
      'Paths that nobody reads as expressions.',
    ],
    mend: 'Correct the expression.',
  },
});
