import { codesOf } from './code';

/** Risks of the controller itself. */
export const CONTROLLER_SECURITY_CODES = codesOf('security', {
  'nginx-eol': {
    severity: 'warning',
    meaning: 'Community ingress-nginx has ended: no security fixes after March 2026.',
    when: 'The controller is a build of community ingress-nginx, and March 2026 is over.',
    traps: [
      'F5 NGINX Ingress Controller is another, living product.',
      'Builds of others (Chainguard, RKE2, AKS through November 2026) are a hint.',
    ],
    mend: 'Move to a maintained controller.',
  },
  'nginx-cve': {
    severity: 'broken',
    meaning: 'This version of ingress-nginx has known security holes.',
    when: 'Its version is below the first fixed one of its own minor line, or its line never got the fix; broken only for CVE-2025-1974 with the admission webhook in use.',
    traps: [
      'Builds of others are a hint to verify.',
      'A digest without version is unknown, unless the label app.kubernetes.io/version tells it.',
      'Tags numbered by date are not compared.',
    ],
    mend: 'Upgrade to the last release of the line, then move to a maintained controller.',
  },
  'nginx-core-cve': {
    severity: 'degraded',
    meaning: 'The NGINX inside has holes that upstream will not mend.',
    when: 'Every upstream build carries NGINX 1.27.1 or older; degraded where an Ingress that it serves rewrites with captures or brings a snippet.',
    traps: ['Builds of others carry an NGINX of their own.'],
    mend: 'Move to a maintained controller, or to a patched build.',
  },
  'controller-image-outdated': {
    severity: 'warning',
    meaning: 'The controller’s release line is out of support.',
    when: 'The version is older than the oldest line that got fixes, by a table that carries its date.',
    traps: [
      'Lines of which it is not known, and builds of others, are not judged.',
      'Nothing is asked of registries.',
    ],
    mend: 'Upgrade to a supported release.',
  },
  'controller-image-unpinned': {
    severity: 'warning',
    meaning: 'The controller’s image has no version.',
    when: 'The image has the tag latest or none.',
    traps: ['A digest pins it.'],
    mend: 'Name a version and its digest.',
  },
  'controller-snippets-allowed': {
    severity: 'warning',
    meaning: 'Whoever may write an Ingress may write the controller’s configuration.',
    when: 'allow-snippet-annotations is true (before 1.9 by default), and from 1.12 on annotations-risk-level is Critical.',
    traps: [
      'From 1.9 on they are off by default; from 1.12 on the risk level keeps them out.',
      'Where the ConfigMap cannot be read nothing is said.',
    ],
    mend: 'Set allow-snippet-annotations to false.',
  },
  'controller-annotation-validation-off': {
    severity: 'warning',
    meaning: 'Values of annotations are not checked.',
    when: 'ingress-nginx runs with --enable-annotation-validation=false.',
    traps: ['Without the flag they are checked.'],
    mend: 'Take the flag away.',
  },
  'admission-webhook-exposed': {
    severity: 'degraded',
    meaning: 'The admission webhook can be reached by more than the API server.',
    when: 'Its Service is not ClusterIP, or a Service that leaves the cluster leads to its port; a warning where the version is open to CVE-2025-1974 and no NetworkPolicy limits it.',
    traps: ['Policies of other kinds are not seen: never more than a warning for a missing one.'],
    mend: 'ClusterIP, and a NetworkPolicy that admits the API server only.',
  },
  'controller-internal-port-public': {
    severity: 'warning',
    meaning: 'A public Service shows metrics, statistics or the dashboard.',
    when: 'A Service of the controller that can be reached publicly leads to a port that it serves for itself.',
    traps: [
      'Internal load balancers and node ports without public nodes are not public.',
      'A port of that number that is an entry point of Traefik for users.',
    ],
    mend: 'Take the port off the public Service.',
  },
  'traefik-dashboard-insecure': {
    severity: 'warning',
    meaning: 'Traefik’s dashboard and API ask for no login.',
    when: 'Traefik runs with --api.insecure.',
    traps: ['Routers to the dashboard are custom resources, which are not read.'],
    mend: 'Take the flag away; use a router with authentication.',
  },
  'controller-privileged': {
    severity: 'info',
    meaning: 'The controller may do more on its node than it needs.',
    when: 'Its template says privileged, runAsUser 0, allowPrivilegeEscalation, hostNetwork or capabilities beyond NET_BIND_SERVICE.',
    traps: ['NET_BIND_SERVICE alone is fine.', 'Where nothing is said the image decides, which is not seen.'],
    mend: 'Drop all capabilities, add NET_BIND_SERVICE.',
  },
  'forwarded-headers-trusted': {
    severity: 'warning',
    meaning: 'Clients can pretend to come from another address.',
    when: 'X-Forwarded-* is trusted from everybody while a public Service lets everybody come directly.',
    traps: [
      'proxy-real-ip-cidr limits it.',
      'Load balancers that speak HTTP or the PROXY protocol are said so at the Service.',
    ],
    mend: 'Trust only the proxies before it.',
  },
  'tcp-services-sensitive': {
    severity: 'warning',
    meaning: 'A port of the controller publishes a shell or a data store.',
    when: 'A mapping of --tcp-services-configmap that a public Service carries leads to SSH, an API of the cluster or a data store.',
    traps: [
      'Ports that others use too need the name as second sign.',
      'A port that no public Service carries.',
    ],
    mend: 'Take the mapping away.',
  },
  'no-waf': {
    severity: 'info',
    meaning: 'No web application firewall is visible before the controller.',
    when: 'A public ingress-nginx without ModSecurity in its settings or Ingresses, and none named at its Service.',
    traps: [
      'A firewall outside the cluster cannot be seen.',
      'Declared addresses in front (a CDN) count as one.',
      'Where the ConfigMap cannot be read nothing is said.',
    ],
    mend: 'Put one before it, or mark it as expected.',
  },
});
