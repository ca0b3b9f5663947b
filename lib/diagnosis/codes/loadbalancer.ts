import { codesOf } from './code';

export const LOADBALANCER_CODES = codesOf('loadbalancer', {
  'controller-service-not-exposed': {
    severity: 'broken',
    meaning: 'Nothing leads from outside to the controller’s pods.',
    when: 'No Service of type LoadBalancer or NodePort, none with externalIPs, no hostNetwork and no hostPort leads to the pods that carry the traffic.',
    traps: [
      'Controllers whose data plane is a cloud’s load balancer need none.',
      'Another Ingress may lead to it: an outer proxy is its way in.',
      'Where Services or workloads may not be read it is unknown.',
    ],
    mend: 'Set the type of the controller’s Service to LoadBalancer, or to NodePort with a load balancer of your own before it.',
  },
  'lb-service-pending': {
    severity: 'broken',
    meaning: 'A Service of type LoadBalancer has got no address.',
    when: 'status.loadBalancer is empty five minutes after the Service was made.',
    traps: ['The first five minutes: clouds take their time.'],
    mend: 'Look at the Service’s events; install what provides load balancers here (a cloud’s controller, MetalLB), or use NodePort.',
  },
});
