import { codesOf } from './code';
import { CONTROLLER_SECURITY_CODES } from './security-controller';

export const SECURITY_CODES = {
  ...CONTROLLER_SECURITY_CODES,
  ...codesOf('security', {
    'ingress-snippet-used': {
      severity: 'degraded',
      meaning: 'Ingresses bring configuration as text.',
      when: 'Ingresses of a namespace carry *-snippet annotations (nginx.org/*-snippets of F5); degraded where the controller ignores them.',
      traps: [
        'Whether they are ignored is said only where the ConfigMap can be read.',
        'One finding for each namespace.',
      ],
      mend: 'Use the annotation made for it.',
    },
    'db-exposed-via-ingress': {
      severity: 'broken',
      meaning: 'A rule leads to a database.',
      when: 'A served rule leads to a port of a data store, and image, name or label says so too; a warning where somebody is asked or the controller is not public.',
      traps: [
        'A port alone is no proof: 9200, 9092 and 5672 are used by others.',
        'Exporters and consoles of a database are none.',
      ],
      mend: 'Take the rule away; use VPN or port-forward.',
    },
    'db-exposed-via-lb': {
      severity: 'broken',
      meaning: 'A database has a load balancer or node port of its own.',
      when: 'A Service of type LoadBalancer or NodePort, or with externalIPs, leads to a data store, by port and a second sign.',
      traps: [
        'Internal load balancers, private addresses and loadBalancerSourceRanges make it a warning; so do node ports where no node is public.',
        'A port alone is no proof.',
      ],
      mend: 'Make the Service ClusterIP.',
    },
    'admin-endpoint-unrestricted': {
      severity: 'warning',
      meaning: 'A console of administration is open to everybody.',
      when: 'Two of host, path, Service and image tell a console, and neither annotations nor the controller’s settings ask who comes.',
      traps: [
        'Consoles with a login of their own are a hint.',
        'What cannot be read (middlewares, plugins, policies) counts as a gate.',
        'Controllers that are not public.',
      ],
      mend: 'Let only your networks in, or ask who comes.',
    },
    'allowlist-open': {
      severity: 'warning',
      meaning: 'An allow-list lets everybody in.',
      when: 'The list of an Ingress holds 0.0.0.0/0 or ::/0.',
      traps: ['cert-manager’s solver sets such a one on purpose.'],
      mend: 'Name the real networks.',
    },
    'basic-auth-without-tls': {
      severity: 'warning',
      meaning: 'Passwords go over the wire in the clear.',
      when: 'auth-type is basic, and no Ingress of the host has TLS.',
      traps: [
        'TLS that the load balancer ends is held there.',
        'Another Ingress of the host may bring the TLS.',
      ],
      mend: 'Add TLS to the host.',
    },
    'cors-wildcard-credentials': {
      severity: 'warning',
      meaning: 'Every web site may ask with its users’ credentials.',
      when: 'CORS is on for every origin, and credentials are allowed outright.',
      traps: [
        'Credentials that ingress-nginx allows by default are not told: browsers refuse them beside every origin.',
      ],
      mend: 'List the origins.',
    },
    'service-external-ips': {
      severity: 'warning',
      meaning: 'Services take addresses by externalIPs.',
      when: 'A Service has spec.externalIPs (CVE-2020-8554).',
      traps: [
        'Addresses of nodes, as on bare metal, are a hint.',
        'A controller’s own Service is how it is reached.',
      ],
      mend: 'Use type LoadBalancer; deny externalIPs by admission.',
    },
    'externalname-metadata-ssrf': {
      severity: 'broken',
      meaning: 'A Service leads users to what hands out credentials.',
      when: 'An ExternalName, or endpoints written by hand, of a Service that is reached from outside is a metadata server or the API server.',
      traps: ['A Service that nothing outside reaches.', 'Other addresses outside the cluster.'],
      mend: 'Delete the Service and find out who made it.',
    },
    'ingress-in-default-namespace': {
      severity: 'info',
      meaning: 'Ingresses lie in the namespace default.',
      when: 'An Ingress is in the namespace default; one finding for all.',
      traps: ['Other namespaces, whatever their name.'],
      mend: 'Move them to a namespace of their own.',
    },
  }),
};
