/** How traffic gets into a cluster. */
import type { Concept } from './concept';

export const INGRESS_AND_SERVICE: Concept = {
  slug: 'ingress-and-service',
  title: 'Ingress and Service',
  lead: 'A Service gives pods one stable name and port inside the cluster; an Ingress says which requests from outside go to which Service. An Ingress does not replace Services: it routes to them, never to pods directly.',
  sections: [
    {
      heading: 'The whole way',
      paragraphs: [
        'Each hop knows only the next one. That is why the first broken link decides what a user sees, and why this page draws them in this order.',
      ],
      code: {
        language: 'text',
        text: `DNS            www.my-online-store.com → 203.0.113.10
load balancer  203.0.113.10 → nodes → the controller's Service
controller     ingress-nginx: terminates TLS, reads Host and path
rule           www.my-online-store.com /wear → wear-service:80
Service        wear-service:80 → EndpointSlices → 8080 of each ready pod
pods           wear-7c9…, wear-7c9…`,
      },
    },
    {
      heading: 'What each can do',
      paragraphs: [
        'A Service works on connections (layer 4): it spreads them over pods, and by type NodePort or LoadBalancer lets them in from outside. It knows nothing of host names, paths or certificates.',
        'An Ingress works on requests (layer 7): by host and path, with TLS, for many applications behind one address. It needs Services to send them to.',
        'A database speaks no HTTP and belongs to nobody outside: ClusterIP, without Ingress.',
      ],
    },
    {
      heading: 'See it',
      paragraphs: ['The Service, its slices, and what an Ingress makes of them:'],
      code: {
        language: 'sh',
        text: `kubectl get service,endpointslices -n shop
kubectl describe ingress -n shop`,
      },
    },
  ],
};

export const TWO_PARTS: Concept = {
  slug: 'two-parts',
  title: 'The two parts of Ingress',
  lead: 'An Ingress object is only a wish, and a controller is the proxy that carries it out. Kubernetes brings no controller along: without one, an Ingress is accepted and does nothing.',
  sections: [
    {
      heading: 'The controller',
      paragraphs: [
        'It runs as a Deployment or DaemonSet, watches Ingresses, Services, EndpointSlices and Secrets, and turns them into the configuration of a proxy (NGINX, HAProxy, Envoy, Traefik) or of a cloud’s load balancer.',
        'It needs a way in (a Service of type LoadBalancer or NodePort, or the ports of its nodes), a ServiceAccount with the right to read what it watches, and usually a ConfigMap with settings for all its rules.',
        'Its rights are worth a look: one that may read every Secret of the cluster turns a hole in the proxy into a hole in the cluster.',
      ],
    },
    {
      heading: 'The Ingress',
      paragraphs: [
        'Host, path, Service, port, and optionally TLS. It lives in the namespace of its Services, and cannot reach into another.',
      ],
      code: {
        language: 'yaml',
        text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ingress-wear
  namespace: shop
spec:
  ingressClassName: nginx
  rules:
    - host: www.my-online-store.com
      http:
        paths:
          - path: /wear
            pathType: Prefix
            backend:
              service:
                name: wear-service
                port:
                  number: 80`,
      },
    },
    {
      heading: 'Which controller takes which Ingress',
      paragraphs: ['That is what the IngressClass decides; see its own page.'],
    },
  ],
};

export const NODE_PORT: Concept = {
  slug: 'node-port',
  title: 'Why not a NodePort for each application',
  lead: 'A NodePort opens one high port (30000–32767) on every node. It is fine for a test, and a poor address for people.',
  sections: [
    {
      heading: 'What it costs',
      paragraphs: [
        'Users must know a port number; certificates, redirects and paths are every application’s own business; each port must be let through the firewall; and where nodes come and go, so do the addresses.',
        'It is also a second way in. A Service behind an Ingress that is a NodePort too can be reached past the Ingress, its authentication and its allow-lists.',
      ],
    },
    {
      heading: 'Where it is right',
      paragraphs: [
        'For the controller itself, behind a load balancer of your own; and where a cloud’s controller needs it to reach the pods (AWS instance targets, GCE without container-native load balancing).',
      ],
    },
    {
      heading: 'Put it right',
      paragraphs: ['Behind an Ingress a ClusterIP is enough:'],
      code: {
        language: 'sh',
        text: `kubectl -n shop patch service wear-service -p '{"spec":{"type":"ClusterIP"}}'`,
      },
    },
  ],
};

export const MANY_LOAD_BALANCERS: Concept = {
  slug: 'many-load-balancers',
  title: 'Why not a load balancer for each application',
  lead: 'Each Service of type LoadBalancer usually rents one load balancer from the cloud. One in front of an ingress controller serves every host.',
  sections: [
    {
      heading: 'What it costs',
      paragraphs: [
        'A cloud load balancer is billed by the hour, used or not: of the order of 15 to 25 US dollars a month each before traffic. Thirty applications with one each pay for thirty; behind one Ingress they pay for one.',
        'With them come thirty public addresses, thirty DNS records, thirty sets of firewall rules, and certificates in as many places.',
      ],
      code: {
        language: 'text',
        text: `wear-service     → load balancer 1 → 203.0.113.11
video-service    → load balancer 2 → 203.0.113.12
payment-service  → load balancer 3 → 203.0.113.13

becomes

load balancer → ingress controller ─┬─ /wear  → wear-service
203.0.113.11                        ├─ /video → video-service
                                    └─ /pay   → payment-service`,
      },
    },
    {
      heading: 'Where it is right',
      paragraphs: [
        'For what is not HTTP (databases that must be reached, mail, games), for traffic that must never share a proxy with others, and for the controller’s own Service.',
      ],
    },
  ],
};

export const DNS: Concept = {
  slug: 'dns',
  title: 'DNS',
  lead: 'The name must lead to the address of the load balancer in front of the controller. Nothing in the cluster can mend a wrong record, and a cached one stays wrong until its time to live has passed.',
  sections: [
    {
      heading: 'What to compare',
      paragraphs: [
        'The answer of each resolver with the address of the controller’s Service. They may differ on purpose: a CDN, a corporate balancer or NAT in front answers with its own address. Tell this dashboard of such addresses by ATLAS_KNOWN_ADDRESSES, and it will not ask again.',
        'Inside and outside the cluster answers may differ (split horizon). One resolver alone is one point of view.',
      ],
      code: {
        language: 'sh',
        text: `dig +noall +answer www.my-online-store.com
kubectl -n ingress-nginx get service ingress-nginx-controller -o wide`,
      },
    },
    {
      heading: 'Let it be kept',
      paragraphs: [
        'external-dns writes records from Ingresses and Services. Then the Ingress is the one place to change, and a record that is wrong has a reason that can be found in its arguments.',
      ],
    },
  ],
};
