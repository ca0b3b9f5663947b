/** What each hop does, in two sentences, for those who see an Ingress for the first time. */
import type { NodeKind } from '@/lib/topology/model';

const CONCEPTS: Readonly<Record<NodeKind, string>> = {
  host: 'The name that people type. DNS must answer it with an address where an ingress controller listens, or the request never reaches this cluster.',
  loadbalancer:
    'The door into the cluster: an address outside that passes connections on to the ingress controller. One load balancer in front of one controller can serve every host, so there is no need for one per application.',
  address:
    'An address that DNS gives for a host but that nothing known in this cluster owns. It may be a CDN or a NAT in front of it, or a wrong record.',
  controller:
    'The reverse proxy that reads Ingress objects and carries them out. Kubernetes brings none along: without a running controller of the right class, an Ingress does nothing.',
  rule: 'One line of an Ingress: requests for this host and path go to that Service. The longest matching path wins, and Prefix matches whole path segments.',
  service:
    'A stable name and port for a set of pods, chosen by labels. A Service without ready pods still exists, but every request through it fails.',
  pod: 'Where the application runs. A pod gets traffic only while its readiness check passes.',
  endpoint:
    'An address behind a Service that is no pod of this cluster, entered by hand or by a controller. Nobody checks for you whether it answers.',
  external:
    'A name outside the cluster that a Service stands for. The cluster only looks it up; whether it answers is decided elsewhere.',
  secret:
    'Holds the certificate and key with which TLS is answered for the host. When it is missing, most controllers serve a certificate of their own, which browsers refuse.',
  class:
    'Says which controller is to carry out an Ingress. An Ingress that names a class nobody serves is ignored without an error.',
  listener:
    'One port and host name on which a Gateway accepts connections. Routes attach to it if it allows them.',
  group:
    'Several things of one kind, folded because looking at each is seldom needed. Open it to see them one by one.',
};

/** Two sentences on what this hop does; empty for kinds of a newer server. */
export function concept(kind: NodeKind): string {
  return CONCEPTS[kind] ?? '';
}
