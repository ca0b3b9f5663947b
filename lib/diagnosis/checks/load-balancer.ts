/** What a Service of type LoadBalancer tells of itself: its class, its ports, its provider. */
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Service } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { controllers } from '@/lib/topology/controllers';
import { config, known } from '@/lib/topology/reads';

export function serviceSubject(service: Service) {
  return refOf('services', service.namespace, service.name, service.uid);
}

/**
 * `lb-class-unhandled`, for classes whose controller must run in the cluster and would be seen: AWS Load Balancer
 * Controller's (`service.k8s.aws/nlb`). Who else may handle a class is not known, so nothing is said of others.
 */
export function classUnhandled(read: Reader, service: Service): Draft | null {
  if (service.loadBalancerClass !== 'service.k8s.aws/nlb' || service.addresses.length > 0) return null;
  const blind =
    config(read).limitedView ||
    (['deployments', 'daemonsets', 'statefulsets'] as const).some((kind) => !known(read, kind).known);
  if (blind) return null;
  const runs = read
    .query(controllers, '')
    .some(({ type, kind }) => type === 'aws-alb' && kind === 'workload');
  if (runs) return null;
  const subject = serviceSubject(service);
  return draft({
    code: 'lb-class-unhandled',
    severity: 'broken',
    hop: 'loadbalancer',
    subject,
    title: `Nobody makes load balancers of class ${service.loadBalancerClass}`,
    detail: `Service ${service.name} asks for class ${service.loadBalancerClass}, which the AWS Load Balancer Controller serves; it does not run here`,
    evidence: [evidence(subject, 'spec.loadBalancerClass', service.loadBalancerClass)],
    fix: {
      summary:
        'Install the AWS Load Balancer Controller, or make the Service anew without the class: it cannot be changed.',
      look: [
        sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`,
        'kubectl get deployments,daemonsets,statefulsets -A',
      ],
      managedBy: managedBy(service),
    },
  });
}

/** `lb-status-port-error`: the provider itself says that a port could not be opened. */
export function statusPortError(service: Service): Draft | null {
  const errors = service.addresses.flatMap(({ ip, hostname, portErrors = [] }) =>
    portErrors.map((error) => `${ip || hostname} ${error}`),
  );
  if (errors.length === 0) return null;
  const subject = serviceSubject(service);
  return draft({
    code: 'lb-status-port-error',
    severity: 'broken',
    hop: 'loadbalancer',
    subject,
    title: `The load balancer of Service ${service.name} could not open a port`,
    detail: errors.slice(0, 5).join('; '),
    evidence: errors
      .slice(0, 5)
      .map((error) => evidence(subject, 'status.loadBalancer.ingress[].ports[].error', error)),
    fix: {
      summary: 'Look up the provider’s code; often a quota, a port in use or an unsupported protocol.',
      look: [sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`],
      managedBy: managedBy(service),
    },
  });
}

const AWS = 'service.beta.kubernetes.io/aws-load-balancer-';

/** Whether the provider certainly sends traffic to node ports, by its annotations: these know no other way. */
function targetsNodes({ annotations, loadBalancerClass }: Service): boolean {
  if (annotations[`${AWS}nlb-target-type`] !== undefined)
    return annotations[`${AWS}nlb-target-type`] === 'instance';
  if (annotations[`${AWS}type`] === 'nlb' && loadBalancerClass === '') return true;
  return Object.keys(annotations).some((key) =>
    /^(service\.beta\.kubernetes\.io\/do-loadbalancer-|load-balancer\.hetzner\.cloud\/)/.test(key),
  );
}

/** `lb-nodeports-disabled`: the provider sends to node ports, and the Service has none. */
export function nodePortsDisabled(service: Service): Draft | null {
  const none = !service.allocatesNodePorts && service.ports.every(({ nodePort }) => nodePort === null);
  if (service.type !== 'LoadBalancer' || !none || !targetsNodes(service)) return null;
  const subject = serviceSubject(service);
  return draft({
    code: 'lb-nodeports-disabled',
    severity: 'degraded',
    hop: 'loadbalancer',
    subject,
    title: `The load balancer of Service ${service.name} has no node port to send to`,
    detail: 'allocateLoadBalancerNodePorts is false, and this provider’s load balancers send to node ports',
    evidence: [evidence(subject, 'spec.allocateLoadBalancerNodePorts', false)],
    fix: {
      summary:
        'Set allocateLoadBalancerNodePorts to true, or make the load balancer send to pods (IP targets).',
      look: [sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`],
      change: [
        sh`kubectl -n ${service.namespace} patch service ${service.name} -p '{"spec":{"allocateLoadBalancerNodePorts":true}}'`,
      ],
      managedBy: managedBy(service),
    },
  });
}
