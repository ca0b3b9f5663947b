import { codesOf } from './code';

export const BEST_PRACTICE_CODES = codesOf('best-practice', {
  'controller-single-replica': {
    severity: 'warning',
    meaning: 'One pod carries all traffic.',
    when: 'A controller’s workload has one replica, and nothing scales it.',
    traps: [
      'A DaemonSet has a pod on each node.',
      'On a cluster of one node it is a hint.',
      'Where nodes or autoscalers cannot be seen nothing is said.',
    ],
    mend: 'Run two or more.',
  },
  'controller-no-pdb': {
    severity: 'info',
    meaning: 'A drain may stop all pods at once, or none ever.',
    when: 'Two or more replicas without PodDisruptionBudget, or with one that lets no pod go.',
    traps: ['One replica: a budget would only block.', 'An autoscaler may make room for a drain.'],
    mend: 'A PodDisruptionBudget with maxUnavailable: 1.',
  },
  'controller-no-spread': {
    severity: 'info',
    meaning: 'All pods of the controller are on one node.',
    when: 'Two or more pods on one node, and neither anti-affinity nor topologySpreadConstraints.',
    traps: ['Pods that are apart anyway.', 'A cluster of one node.'],
    mend: 'topologySpreadConstraints on the host name.',
  },
  'controller-no-resources': {
    severity: 'warning',
    meaning: 'The controller asks for no CPU and memory, or has no memory limit.',
    when: 'The template has neither requests nor limits; without memory limit alone it is a hint.',
    traps: ['A LimitRange may give them to pods.', 'A missing CPU limit is often intended.'],
    mend: 'Set requests, and a memory limit.',
  },
  'controller-no-probes': {
    severity: 'warning',
    meaning: 'Kubernetes cannot tell whether the controller is ready, or hangs.',
    when: 'The template has no readiness probe; without liveness probe alone it is a hint.',
    traps: ['Controllers whose load balancer carries the traffic.'],
    mend: 'Probe what its chart probes.',
  },
  'controller-no-hpa': {
    severity: 'info',
    meaning: 'The number of the controller’s pods does not follow the load.',
    when: 'A Deployment of three or more replicas that neither a HorizontalPodAutoscaler nor KEDA scales.',
    traps: [
      'Two replicas are for safety, not for load.',
      'Where autoscalers cannot be seen nothing is said.',
    ],
    mend: 'Optional: a HorizontalPodAutoscaler on CPU.',
  },
  'nodeport-behind-ingress': {
    severity: 'info',
    meaning: 'Services can be reached around the Ingress that leads to them.',
    when: 'A Service of type NodePort or LoadBalancer stands behind a served rule.',
    traps: [
      'ALB in instance mode and GCE without NEG need node ports.',
      'Internal load balancers, source ranges and the controller’s own Service.',
    ],
    mend: 'Make them ClusterIP.',
  },
  'many-loadbalancers': {
    severity: 'info',
    meaning: 'Many applications have a load balancer each.',
    when: 'Three or more public Services of type LoadBalancer with HTTP ports, controllers’ own not counted.',
    traps: ['Other protocols, internal load balancers, and those of Gateways.'],
    mend: 'One Ingress or Gateway before them.',
  },
  'service-sub-minimum-timeouts': {
    severity: 'info',
    meaning: 'Timeouts or body sizes are unusual.',
    when: 'proxy-read-timeout is below 5 seconds, or proxy-body-size is 0.',
    traps: ['What an application needs is not seen: other values are not judged.'],
    mend: 'Set what the application needs.',
  },
  'gateway-migration-blockers': {
    severity: 'info',
    meaning: 'Annotations that the Gateway API has nothing for.',
    when: 'Ingresses of a namespace carry annotations without equivalent in its standard channel; one finding for each namespace.',
    traps: ['Annotations that translate, such as rewrites, redirects and weights.'],
    mend: 'Choose an implementation with a policy for each.',
  },
  'dashboard-behind-watched-ingress': {
    severity: 'info',
    meaning: 'The dashboard is reached through an Ingress that it watches, and fails with it.',
    when: 'An Ingress that a controller serves names the host of ATLAS_PUBLIC_URL, or has a Service as its backend that the dashboard’s own pod stands behind.',
    traps: [
      'An Ingress that no controller serves leads nowhere.',
      'A wildcard host counts only where no rule names the host itself.',
      'Without ATLAS_PUBLIC_URL and outside a pod the dashboard does not know how it is reached: nothing is said.',
    ],
    mend: 'Keep a port-forward to its Service in the runbook, or give it a way in of its own.',
  },
});
