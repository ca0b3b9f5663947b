/** How users come to a controller: ports, nodes and the client's address. */
import type { ControllerUnit, Found, IngressUnit, ServiceUnit } from '@/lib/diagnosis/check';
import { controllerRef } from '@/lib/diagnosis/controller-parts';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Service } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { exposure } from '@/lib/topology/exposure';
import { isCloud } from '@/lib/topology/hosts';
import { known, object } from '@/lib/topology/reads';
import { serviceSubject } from './load-balancer';

/** `controller-exposed-by-hostport`: nodes are its only way in. */
export function exposedByHostPort(read: Reader, { id, controller }: ControllerUnit): readonly Found[] {
  if (isCloud(controller) || !known(read, 'services').known) return [];
  const { loadBalancers } = read.query(exposure, id);
  const [first] = loadBalancers;
  if (!first || loadBalancers.some(({ type }) => type !== 'Nodes')) return [];
  const subject = controllerRef(read, controller);
  const found = draft({
    code: 'controller-exposed-by-hostport',
    severity: 'info',
    impact: 'risk',
    hop: 'loadbalancer',
    subject,
    title: `Controller ${controller.name} is reached through ports of its nodes only`,
    detail: `host ports ${first.ports.join(', ')}: a name must lead to a node that runs one of its pods, and a node that goes takes its address with it`,
    evidence: [evidence(subject, 'spec.template.spec.containers[].ports[].hostPort', first.ports.join(', '))],
    fix: {
      summary:
        'Nothing to mend on kind, k3s or bare metal; elsewhere a Service of type LoadBalancer spares the names.',
      look: [sh`kubectl -n ${controller.namespace} get pods -o wide`],
    },
  });
  return [{ draft: found }];
}

const SECURE = /https|websecure|tls|ssl/i;

/** `controller-service-port-missing`: an Ingress has TLS, and no load balancer before its controller opens 443. */
export function entryPortMissing(
  read: Reader,
  { ingress, controller, served }: IngressUnit,
): readonly Found[] {
  if (!controller || isCloud(controller) || ingress.tls.length === 0 || served.controllers.length !== 1)
    return [];
  const { loadBalancers } = read.query(exposure, controller.id);
  const services = loadBalancers.flatMap(({ service }) =>
    service ? (object(read, 'services', service) ?? []) : [],
  );
  // Whoever stands before node ports or host ports may map them as he likes.
  const balanced = services.filter(({ type }) => type === 'LoadBalancer');
  const [first] = balanced;
  if (!first || balanced.length < loadBalancers.length || balanced.some(opensHttps)) return [];
  const subject = serviceSubject(first);
  const opened = first.ports.map(({ port }) => port).join(', ');
  const found = draft({
    code: 'controller-service-port-missing',
    severity: 'degraded',
    hop: 'loadbalancer',
    subject,
    related: [refOf('ingresses', ingress.namespace, ingress.name, ingress.uid)],
    title: `Service ${first.name} does not open port 443, which Ingresses with TLS need`,
    detail: `the load balancer of controller ${controller.name} opens ${opened}: https to hosts with TLS finds nobody`,
    evidence: [evidence(subject, 'spec.ports[].port', opened)],
    fix: {
      summary: 'Add port 443 to the Service, with the controller’s https port as targetPort.',
      look: [sh`kubectl -n ${first.namespace} get service ${first.name} -o yaml`],
      managedBy: managedBy(first),
    },
    holdMs: OBJECT_HOLD_MS,
  });
  return [{ draft: found, status: 'degraded' }];
}

function opensHttps({ ports }: Service): boolean {
  return ports.some(
    ({ port, name, targetPort }) => port === 443 || port === 8443 || SECURE.test(`${name} ${targetPort}`),
  );
}

const ALLOW_LIST = /\/(whitelist|allowlist|denylist)-source-range$/;

/** `lb-etp-cluster-client-ip`: an allow-list sees the nodes' addresses instead of the clients'. */
export function clientAddressHidden(read: Reader, { ingress, controller }: IngressUnit): readonly Found[] {
  const list = Object.keys(ingress.annotations).find((key) => ALLOW_LIST.test(key));
  if (!controller || isCloud(controller) || list === undefined) return [];
  const { loadBalancers } = read.query(exposure, controller.id);
  const hiding = loadBalancers.flatMap(({ service }) => {
    const found = service ? object(read, 'services', service) : undefined;
    return found && hidesClients(found) ? found : [];
  });
  const [first] = hiding;
  if (!first || hiding.length < loadBalancers.length) return [];
  const subject = serviceSubject(first);
  const found = draft({
    code: 'lb-etp-cluster-client-ip',
    severity: 'info',
    impact: 'risk',
    hop: 'loadbalancer',
    subject,
    related: [refOf('ingresses', ingress.namespace, ingress.name, ingress.uid)],
    title: `Allow-lists behind Service ${first.name} may not see the addresses of clients`,
    detail:
      'externalTrafficPolicy is Cluster, which replaces the client’s address by a node’s; Ingresses behind it list addresses that may come in',
    evidence: [
      evidence(subject, 'spec.externalTrafficPolicy', first.externalTrafficPolicy || 'Cluster'),
      evidence(
        refOf('ingresses', ingress.namespace, ingress.name, ingress.uid),
        `metadata.annotations[${list}]`,
        'set',
      ),
    ],
    fix: {
      summary:
        'Use externalTrafficPolicy Local or the PROXY protocol, unless the load balancer forwards the address by itself.',
      look: [sh`kubectl -n ${first.namespace} get service ${first.name} -o yaml`],
      managedBy: managedBy(first),
    },
  });
  return [{ draft: found }];
}

/** PROXY headers and targets by pod address keep the client's address whatever the policy says. */
function hidesClients({ type, externalTrafficPolicy, annotations, loadBalancerClass }: Service): boolean {
  if (type === 'ClusterIP' || externalTrafficPolicy === 'Local' || loadBalancerClass !== '') return false;
  return !Object.entries(annotations).some(
    ([key, value]) =>
      /proxy-?protocol/i.test(`${key}${value}`) ||
      /^ip$|^external$|^nlb-ip$/.test(value) ||
      /neg"?\s*:/.test(value),
  );
}

/** `nodeport-etp-local` of a controller's Services. */
export function controllerNodePortLocal(read: Reader, { id, controller }: ControllerUnit): readonly Found[] {
  if (isCloud(controller)) return [];
  return read
    .query(exposure, id)
    .loadBalancers.flatMap(({ service }) =>
      service ? nodePortLocal(object(read, 'services', service)) : [],
    );
}

/** `nodeport-etp-local` of a Service that is exposed by itself. */
export function serviceNodePortLocal(_read: Reader, { service, direct }: ServiceUnit): readonly Found[] {
  return direct ? nodePortLocal(service) : [];
}

function nodePortLocal(service: Service | undefined): readonly Found[] {
  if (service?.type !== 'NodePort' || service.externalTrafficPolicy !== 'Local') return [];
  const subject = serviceSubject(service);
  const found = draft({
    code: 'nodeport-etp-local',
    severity: 'info',
    impact: 'risk',
    hop: 'loadbalancer',
    subject,
    title: `Nodes without a pod of Service ${service.name} drop what comes to its node port`,
    detail:
      'externalTrafficPolicy is Local: only nodes with a ready pod answer, so whoever sends there must check their health',
    evidence: [evidence(subject, 'spec.externalTrafficPolicy', 'Local')],
    fix: {
      summary:
        'Let the load balancer before it check each node, run a pod on each, or use the policy Cluster.',
      look: [
        sh`kubectl -n ${service.namespace} get endpointslices -l kubernetes.io/service-name=${service.name}`,
      ],
      managedBy: managedBy(service),
    },
  });
  return [{ draft: found }];
}
