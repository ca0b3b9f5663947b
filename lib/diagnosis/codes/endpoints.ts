import { codesOf } from './code';

export const ENDPOINTS_CODES = codesOf('endpoints', {
  'service-no-endpoints': {
    severity: 'broken',
    meaning: 'The Service has no endpoints.',
    when: 'All its EndpointSlices together hold no endpoint, and a live rule sends traffic there.',
    traps: [
      'ExternalName Services have none by design; one of the cluster that they mean is followed to.',
      'What KEDA, Knative or a rollout keeps at zero is explained, not alarmed.',
      'The pods of a Job: it may be suspended, which is not seen, so it is unknown.',
    ],
    mend: 'Follow its cause: the selector, the pods or the number of replicas.',
  },
  'service-no-ready-endpoints': {
    severity: 'broken',
    meaning: 'The Service has endpoints, none of them ready.',
    when: 'Every endpoint that is not terminating has ready: false.',
    traps: ['publishNotReadyAddresses makes all ready: there the pods’ own readiness counts.'],
    mend: 'Follow the finding of its pods.',
  },
  'endpoints-partially-ready': {
    severity: 'degraded',
    meaning: 'Only some of the Service’s endpoints are ready.',
    when: 'At least one endpoint is ready and at least one is not, outside of a rollout.',
    traps: ['A rollout under way.'],
    mend: 'Look at the pods that are not ready.',
  },
  'endpoints-only-terminating': {
    severity: 'broken',
    meaning: 'Only pods that are shutting down are left behind the Service.',
    when: 'No endpoint is ready, and some are serving while they terminate.',
    traps: ['kube-proxy still uses them, ingress-nginx does not: there it is broken.'],
    mend: 'Use RollingUpdate with surge, and a preStop delay.',
  },
  'endpoints-port-unresolved': {
    severity: 'broken',
    meaning: 'The named target port exists on none of the pods.',
    when: 'targetPort is a name that no container of the selected pods declares.',
    traps: ['Sidecars declare ports too; different pods may give one name different numbers.'],
    mend: 'Name the container’s port, or use its number.',
  },
  'endpoints-stale': {
    severity: 'degraded',
    meaning: 'Endpoints lead to pods that are gone, ended or elsewhere.',
    when: 'A ready endpoint’s pod does not exist, has ended, or has another address, for longer than the hold time.',
    traps: [
      'The moments in which a pod goes and its slice follows.',
      'Slices that are kept by hand may name other addresses of a pod.',
    ],
    mend: 'See whether the EndpointSlice controller is at work.',
  },
  'endpoints-port-inconsistent': {
    severity: 'degraded',
    meaning: 'A named target port differs from pod to pod.',
    when: 'The name means several numbers (a hint), or some pods of the same workload lack it and get no traffic.',
    traps: ['A rollout under way.', 'Pods of another workload that share the labels.'],
    mend: 'Give every pod the port by one name and number.',
  },
  'endpoints-not-ready-published': {
    severity: 'warning',
    impact: 'risk',
    meaning: 'The Service sends requests to pods that are not ready.',
    when: 'publishNotReadyAddresses is true, and a live rule leads to the Service.',
    traps: ['Headless Services by which peers find each other, and that no rule reaches.'],
    mend: 'Give the rules a Service of their own.',
  },
  'endpoints-manual-suspicious': {
    severity: 'warning',
    meaning: 'An EndpointSlice kept by hand has an address that cannot serve.',
    when: 'An address without a pod is loopback, link-local, or the cluster address of a Service.',
    traps: ['Addresses outside the cluster are what such slices are for.'],
    mend: 'Correct the address.',
  },
  'endpoints-one-node': {
    severity: 'info',
    impact: 'risk',
    meaning: 'All endpoints of Services stand on one node; told once for a namespace.',
    when: 'A Service behind a live rule has two or more ready endpoints, all on one node, of two or more that take pods.',
    traps: ['A cluster with one node that takes pods.', 'A single endpoint is on one node by nature.'],
    mend: 'Spread the pods over nodes.',
  },
  'endpoints-slice-not-labelled': {
    severity: 'warning',
    meaning: 'An EndpointSlice kept by hand lacks the label that ties it to its Service.',
    when: 'A Service without selector has no endpoints, and a slice of its namespace is called after it but has no service-name label.',
    traps: [
      'Slices that are labelled, whatever they are called.',
      'Unlabelled slices that are called otherwise.',
    ],
    mend: 'Label the slice kubernetes.io/service-name.',
  },
});
