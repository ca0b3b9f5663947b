import { gateOf } from '@/lib/diagnosis/access-gates';
import type { Found, ServiceUnit } from '@/lib/diagnosis/check';
import { type ExposedStore, mayBeStore, storeBehind } from '@/lib/diagnosis/data-stores';
import { evidence } from '@/lib/diagnosis/draft';
import { leadController } from '@/lib/diagnosis/lead-controller';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { podsOf } from '@/lib/diagnosis/port-context';
import { ingressReach, serviceReach } from '@/lib/diagnosis/reach';
import { listed, refsOf, risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import type { Service, ServicePort } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { serviceEndpoints } from '@/lib/topology/endpoints';
import type { HostRule } from '@/lib/topology/hosts';
import { object } from '@/lib/topology/reads';
import { addressOf } from '@/lib/topology/rules';
import { serving } from '@/lib/topology/serving';

/** So many pods tell what a Service is. */
const FEW_PODS = 5;

function storesOf(
  read: Reader,
  key: string,
  service: Service,
  ports: readonly ServicePort[],
): readonly ExposedStore[] {
  const possible = ports.filter(mayBeStore);
  if (possible.length === 0) return [];
  const endpoints = read.query(serviceEndpoints, key).endpoints.slice(0, FEW_PODS);
  const pods = podsOf(read, endpoints);
  return possible.flatMap((port) => storeBehind(service, port, pods) ?? []);
}

/** `db-exposed-via-lb`: a data store on a load balancer, node port or external IP of its own. */
export function databaseOnBalancer(read: Reader, { key, service, direct }: ServiceUnit): readonly Found[] {
  const stores = direct ? storesOf(read, key, service, service.ports) : [];
  const [first] = stores;
  if (!first) return [];
  const { reach, why } = serviceReach(read, service);
  const isPublic = reach === 'public';
  const { namespace, name, type } = service;
  const ref = refOf('services', namespace, name, service.uid);
  const { product } = first.store;
  return [
    risk({
      code: 'db-exposed-via-lb',
      severity: isPublic ? 'broken' : 'warning',
      hop: 'security',
      subject: ref,
      title: isPublic
        ? `${product} ${name} is open to the internet`
        : `${product} ${name} can be reached from outside the cluster`,
      detail: `Service ${name} of type ${type} exposes ${listed(stores.map(({ port, store, sign }) => `port ${port.port} (${store.product}, by its ${sign})`))}: ${why}. A database belongs behind a Service of type ClusterIP.`,
      evidence: [
        evidence(ref, 'spec.type', type),
        ...stores.map(({ port }) => evidence(ref, 'spec.ports', `${port.port} → ${port.targetPort}`)),
        evidence(ref, 'spec.loadBalancerSourceRanges', service.sourceRanges),
      ],
      fix: {
        summary:
          'Make the Service ClusterIP, and reach the database from outside by VPN or kubectl port-forward; clients that use the address now lose it.',
        look: [sh`kubectl -n ${namespace} get service ${name} -o wide`],
        change:
          service.externalIPs.length === 0
            ? [sh`kubectl -n ${namespace} patch service ${name} -p ${'{"spec":{"type":"ClusterIP"}}'}`]
            : [],
        managedBy: managedBy(service),
      },
    }),
  ];
}

interface Way {
  readonly host: HostRule;
  readonly store: ExposedStore;
  readonly open: boolean;
}

function usedPort(service: Service, { rule }: HostRule): readonly ServicePort[] {
  return service.ports.filter((port) =>
    typeof rule.port === 'string' ? port.name === rule.port : port.port === rule.port,
  );
}

/** A way is open when nothing asks who comes, and the controller is public. */
function wayOf(read: Reader, service: Service, key: string, host: HostRule): readonly Way[] {
  const ingress = object(read, 'ingresses', host.ingress);
  // Where it is not certain that somebody serves the rule, it is not certain that it leads anywhere.
  if (read.query(serving, host.ingress).controllers.length === 0) return [];
  const [store] = storesOf(read, key, service, usedPort(service, host));
  if (!store || !ingress) return [];
  const isPublic = ingressReach(read, ingress, leadController(read, host.ingress)).reach === 'public';
  return [{ host, store, open: isPublic && gateOf(ingress) === null }];
}

/** `db-exposed-via-ingress`: a served rule leads to a data store. */
export function databaseBehindRule(read: Reader, { key, service, live }: ServiceUnit): readonly Found[] {
  const ways = live.flatMap((host) => wayOf(read, service, key, host));
  const lead = ways.find(({ open }) => open) ?? ways[0];
  if (!lead) return [];
  const { namespace, name } = service;
  const { store, port, sign } = lead.store;
  const ref = refOf('services', namespace, name, service.uid);
  const keys = [...new Set(ways.map(({ host }) => host.ingress))];
  const first = object(read, 'ingresses', lead.host.ingress);
  return [
    risk({
      code: 'db-exposed-via-ingress',
      severity: lead.open ? 'broken' : 'warning',
      hop: 'security',
      subject: ref,
      related: refsOf(read, 'ingresses', keys),
      title: `${store.product} ${name} is reached by ${addressOf(lead.host.rule)}`,
      detail: `${listed(ways.map(({ host }) => addressOf(host.rule)))} ${ways.length === 1 ? 'leads' : 'lead'} to port ${port.port} of Service ${name}, which is ${store.product} by its ${sign}${lead.open ? ', and nothing there asks who comes' : ''}`,
      evidence: [
        evidence(ref, 'spec.ports', `${port.port} → ${port.targetPort}`),
        ...refsOf(read, 'ingresses', keys.slice(0, 3)).map((ingress) =>
          evidence(ingress, 'spec.rules', name),
        ),
      ],
      fix: {
        summary: 'Take the rule away; reach the database by VPN or kubectl port-forward.',
        look: [sh`kubectl -n ${namespace} get ingress ${first?.name ?? ''} -o yaml`],
        managedBy: first ? managedBy(first) : null,
      },
    }),
  ];
}
