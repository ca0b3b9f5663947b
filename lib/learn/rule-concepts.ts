/** What rules say, and what happens when nothing fits. */
import type { Concept } from './concept';

export const PATHS_OR_HOSTS: Concept = {
  slug: 'paths-or-hosts',
  title: 'Routing by path or by host',
  lead: 'One host with several paths suits parts of one site; a host for each application suits applications that have nothing to do with each other. Both can be mixed.',
  sections: [
    {
      heading: 'By path',
      paragraphs: [
        'One name, one certificate, one cookie domain. The applications must live with a path in front of theirs, or the controller must rewrite it, which differs from controller to controller.',
        'The longest path wins. Prefix matches whole segments: /wear takes /wear and /wear/red, not /wearable. Exact takes nothing but itself. ImplementationSpecific means what the controller says.',
      ],
      code: {
        language: 'yaml',
        text: `rules:
  - host: www.my-online-store.com
    http:
      paths:
        - { path: /wear,  pathType: Prefix, backend: { service: { name: wear-service,  port: { number: 80 } } } }
        - { path: /watch, pathType: Prefix, backend: { service: { name: watch-service, port: { number: 80 } } } }`,
      },
    },
    {
      heading: 'By host',
      paragraphs: [
        'Each application has a name, a certificate and its own root path. It takes a DNS record each; one wildcard record and certificate (*.my-online-store.com) covers exactly one label.',
      ],
      code: {
        language: 'yaml',
        text: `rules:
  - host: wear.my-online-store.com
    http:
      paths:
        - { path: /, pathType: Prefix, backend: { service: { name: wear-service, port: { number: 80 } } } }
  - host: watch.my-online-store.com
    http:
      paths:
        - { path: /, pathType: Prefix, backend: { service: { name: watch-service, port: { number: 80 } } } }`,
      },
    },
  ],
};

export const INGRESS_CLASS: Concept = {
  slug: 'ingress-class',
  title: 'IngressClass',
  lead: 'An IngressClass is a name for a controller: an Ingress that names it asks that controller, and no other, to carry it out. An Ingress whose class nobody serves is ignored without an error.',
  sections: [
    {
      heading: 'How it is found',
      paragraphs: [
        'spec.ingressClassName names an IngressClass object, whose spec.controller is the word by which a controller knows its own. Before there were classes, the annotation kubernetes.io/ingress.class did this; some controllers still read it, and GKE reads nothing else.',
        'One class may be marked as default. It is written into an Ingress that names none at the moment when that is created: marking one later changes nothing for those that exist.',
      ],
      code: {
        language: 'sh',
        text: `kubectl get ingressclass
kubectl get ingress -A -o custom-columns=NS:.metadata.namespace,NAME:.metadata.name,CLASS:.spec.ingressClassName`,
      },
    },
    {
      heading: 'When it goes wrong',
      paragraphs: [
        'A typing error (ngnix), a class that came with another controller, or two controllers that both think it theirs. In the first two cases requests get the answer of whoever stands at the address: mostly 404.',
      ],
    },
  ],
};

export const TLS: Concept = {
  slug: 'tls',
  title: 'TLS with Ingress',
  lead: 'The controller answers https with the certificate in a Secret of the Ingress’ namespace, chosen by the host name that the client sends. Where that Secret is missing or does not fit, most controllers serve one of their own, which browsers refuse.',
  sections: [
    {
      heading: 'How it is put together',
      paragraphs: [
        'A Secret of type kubernetes.io/tls with tls.crt (the certificate of the host first, then the chain) and tls.key. The Ingress names it and the hosts that it is for.',
      ],
      code: {
        language: 'sh',
        text: `kubectl -n shop create secret tls online-store-tls --cert=fullchain.pem --key=key.pem
kubectl -n shop get ingress ingress-tls -o yaml   # spec.tls: hosts and secretName`,
      },
    },
    {
      heading: 'What to check',
      paragraphs: [
        'Does the certificate name the host (a wildcard covers one label: *.example.com is neither example.com nor a.b.example.com)? Is it valid today? Does the key belong to it? Is the chain whole and in order?',
        'Keys do not belong into Git. cert-manager makes and renews certificates; what it waits for stands in Certificate, CertificateRequest, Order and Challenge, in this order.',
      ],
    },
    {
      heading: 'Elsewhere',
      paragraphs: [
        'TLS may also end before the cluster, at a cloud’s load balancer or a CDN. Then the certificate is held there, and cannot be read from here.',
      ],
    },
  ],
};

export const DEFAULT_BACKEND: Concept = {
  slug: 'default-backend',
  title: 'Default backend',
  lead: 'What fits no rule goes to the default backend: of the Ingress, else of the controller. Without any, the controller answers 404 itself.',
  sections: [
    {
      heading: 'Three places',
      paragraphs: [
        'spec.defaultBackend of an Ingress takes what none of its rules takes; an Ingress with nothing else is a catch-all for its class. The controller may have one of its own (--default-backend-service). And its built-in answer is a plain 404.',
        'One catch-all per class is enough: with several, which of them wins depends on the controller.',
      ],
      code: {
        language: 'yaml',
        text: `spec:
  defaultBackend:
    service:
      name: not-found-page
      port:
        number: 80`,
      },
    },
  ],
};

export const EMPTY_ENDPOINTS: Concept = {
  slug: 'empty-endpoints',
  title: 'A Service without endpoints',
  lead: 'The rule is right, the Service exists, and nobody is behind it. What a user then gets depends on the controller, which is why the same fault looks different in different clusters.',
  sections: [
    {
      heading: 'Why it is 503 here and 502 there',
      paragraphs: [
        'ingress-nginx, Contour, HAProxy and Traefik look at EndpointSlices themselves: when there are none, they know that nobody will answer, and say 503. Some leave the route out altogether, and then it is 404, or another rule answers.',
        'A proxy that sends requests to the Service’s address, or whose list of pods is a moment old, tries and fails: 502, or 504 when packets vanish.',
      ],
    },
    {
      heading: 'Where to look',
      paragraphs: [
        'No endpoints at all: the selector matches no pod, or nothing runs. Endpoints that are not ready: the pods run, and their readiness check fails. Both show in the slices.',
      ],
      code: {
        language: 'sh',
        text: `kubectl -n shop get endpointslices -l kubernetes.io/service-name=wear-service
kubectl -n shop get pods --show-labels
kubectl -n shop get service wear-service -o jsonpath='{.spec.selector}'`,
      },
    },
  ],
};
