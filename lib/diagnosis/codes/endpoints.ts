import { codesOf } from './code';

export const ENDPOINTS_CODES = codesOf('endpoints', {
  'service-no-endpoints': {
    severity: 'broken',
    meaning: 'The Service has no endpoints.',
    when: 'All its EndpointSlices together hold no endpoint, and a live rule sends traffic there.',
    traps: [
      'ExternalName Services have none by design.',
      'What KEDA, Knative or a rollout keeps at zero is explained, not alarmed.',
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
});
