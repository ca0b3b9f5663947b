import type { Hop } from '@/lib/topology/model';

/** What a hop is called, in the order of the way. */
export const HOP_WORD: Readonly<Record<Hop, string>> = {
  dns: 'DNS',
  loadbalancer: 'Load balancer',
  controller: 'Controller',
  class: 'Class',
  rule: 'Rule',
  tls: 'TLS',
  service: 'Service',
  endpoints: 'Endpoints',
  pod: 'Pods',
  networkpolicy: 'NetworkPolicy',
  rbac: 'RBAC',
  security: 'Security',
  'best-practice': 'Practice',
};
