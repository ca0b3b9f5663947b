/* What the sandbox page shows and offers: made from what is in the storage, each time anew. */

import { type Cluster, SANDBOX_PREFIX, sandboxAnnotation } from '../controllers/cluster';
import type { Deployment, KubeObject, Secret, Service } from '../controllers/shapes';
import type { DnsBook } from '../dns/records';
import type { Memory } from './memory';

export interface Action {
  readonly action: string;
  readonly label: string;
  readonly kind: 'break' | 'mend';
}

export interface Item {
  /** `resource/namespace/name`, or `dns/name`. */
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly status: 'ok' | 'bad' | 'off';
  readonly actions: readonly Action[];
}

export interface Group {
  readonly title: string;
  readonly items: readonly Item[];
  /** How many are left out. */
  readonly more: number;
}

const MAX_ITEMS = 100;
const HIDDEN = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** All groups; `isSimulated` is false where no controller would act on a scaled Deployment. */
export function pageGroups(cluster: Cluster, book: DnsBook, memory: Memory, isSimulated: boolean): Group[] {
  const workloads = ['deployments.apps', 'statefulsets.apps'].flatMap((resource) =>
    visible<Deployment>(cluster, resource).map((object) => workloadItem(resource, object)),
  );
  const controllers = new Set(
    visible<Deployment>(cluster, 'deployments.apps')
      .filter(isController)
      .map((object) => idOf('deployments.apps', object)),
  );
  const gone = (resource: string): Item[] =>
    memory.deleted(resource).map((object) => deletedItem(resource, object));
  const services = [
    ...visible<Service>(cluster, 'services')
      .filter((object) => idOf('services', object) !== 'services/default/kubernetes')
      .map(serviceItem),
    ...gone('services'),
  ];
  const secrets = [
    ...visible<Secret>(cluster, 'secrets')
      .filter((secret) => secret.type === 'kubernetes.io/tls')
      .map(secretItem),
    ...gone('secrets'),
  ];
  return [
    group('Ingress controller', isSimulated ? workloads.filter((item) => controllers.has(item.id)) : []),
    group('Applications', isSimulated ? workloads.filter((item) => !controllers.has(item.id)) : []),
    group('Services', services),
    group('TLS Secrets', secrets),
    group(
      'DNS records',
      book.names().map((name) => dnsItem(book, name)),
    ),
  ].filter((entry) => entry.items.length > 0);
}

function visible<T extends KubeObject>(cluster: Cluster, resource: string): T[] {
  return cluster.list<T>(resource).filter((object) => !HIDDEN.has(object.metadata.namespace ?? ''));
}

function group(title: string, items: readonly Item[]): Group {
  const byName = (a: Item, b: Item): number => (a.name < b.name ? -1 : 1);
  // What is broken is never left out; but a row must not move away under the pointer when it breaks.
  const kept = [...items].sort((a, b) => rank(a) - rank(b) || byName(a, b)).slice(0, MAX_ITEMS);
  return { title, items: kept.sort(byName), more: items.length - kept.length };
}

function rank(item: Item): number {
  return item.status === 'ok' ? 1 : 0;
}

function idOf(resource: string, object: KubeObject): string {
  return `${resource}/${object.metadata.namespace}/${object.metadata.name}`;
}

function nameOf(object: KubeObject): string {
  return `${object.metadata.namespace}/${object.metadata.name}`;
}

function isController(object: Deployment): boolean {
  return object.spec.template.spec.containers.some((container) =>
    /ingress-nginx\/controller|nginx-ingress-controller|traefik|haproxy-ingress|contour/.test(
      container.image,
    ),
  );
}

function workloadItem(resource: string, object: Deployment): Item {
  const wanted = object.spec.replicas ?? 1;
  const ready = object.status?.readyReplicas ?? 0;
  const inTemplate = object.spec.template.metadata?.annotations?.[`${SANDBOX_PREFIX}behaviour`];
  const behaviour = sandboxAnnotation(object, 'behaviour') ?? inTemplate ?? 'healthy';
  const fault = behaviour === 'healthy' ? undefined : behaviour;
  const revision = Number(object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 1);
  const actions = [...sizeActions(wanted), ...behaviourActions(fault, wanted)];
  if (resource === 'deployments.apps' && revision > 1)
    actions.push({ action: 'undo', label: 'roll back', kind: 'mend' });
  const item = { id: idOf(resource, object), name: nameOf(object), actions };
  if (wanted === 0) return { ...item, state: 'scaled to 0', status: 'off' };
  const state = `${ready}/${wanted} ready${fault ? `, ${fault}` : ''}`;
  return { ...item, state, status: ready === wanted ? 'ok' : 'bad' };
}

function sizeActions(wanted: number): Action[] {
  return wanted > 0
    ? [{ action: 'scale-down', label: 'scale to 0', kind: 'break' }]
    : [{ action: 'scale-up', label: 'scale back', kind: 'mend' }];
}

function behaviourActions(fault: string | undefined, wanted: number): Action[] {
  if (fault) return [{ action: 'heal', label: 'heal', kind: 'mend' }];
  if (wanted === 0) return [];
  return [
    { action: 'crash', label: 'crash', kind: 'break' },
    { action: 'unready', label: 'make unready', kind: 'break' },
  ];
}

function serviceItem(service: Service): Item {
  const address = service.status?.loadBalancer?.ingress?.[0];
  const actions: Action[] = [{ action: 'delete', label: 'delete', kind: 'break' }];
  const isBalancer = service.spec.type === 'LoadBalancer';
  const isHeld = sandboxAnnotation(service, 'load-balancer') === 'pending';
  if (isBalancer && isHeld)
    actions.unshift({ action: 'balancer-restore', label: 'give the address back', kind: 'mend' });
  else if (isBalancer)
    actions.unshift({ action: 'balancer-pending', label: 'make address pending', kind: 'break' });
  const shown = isBalancer
    ? (address?.ip ?? address?.hostname ?? 'address pending')
    : (service.spec.clusterIP ?? service.spec.externalName ?? '');
  return {
    id: idOf('services', service),
    name: nameOf(service),
    state: `${service.spec.type ?? 'ClusterIP'} ${shown}`,
    status: isBalancer && !address ? 'bad' : 'ok',
    actions,
  };
}

function secretItem(secret: Secret): Item {
  return {
    id: idOf('secrets', secret),
    name: nameOf(secret),
    state: 'there',
    status: 'ok',
    actions: [{ action: 'delete', label: 'delete', kind: 'break' }],
  };
}

function deletedItem(resource: string, object: KubeObject): Item {
  return {
    id: idOf(resource, object),
    name: nameOf(object),
    state: 'deleted',
    status: 'bad',
    actions: [{ action: 'restore', label: 'restore', kind: 'mend' }],
  };
}

function dnsItem(book: DnsBook, name: string): Item {
  const records = book.recordsOf(name);
  const state = records
    .map(
      (record) =>
        `${record.server ? `server ${record.server}: ` : ''}${record.answer ?? record.values?.join(', ') ?? `→ ${record.target?.service ?? record.target?.ingress}`}`,
    )
    .join(' · ');
  const changed = book.isChanged(name);
  const breaks: Action[] = [
    { action: 'dns-elsewhere', label: 'point elsewhere', kind: 'break' },
    { action: 'dns-nxdomain', label: 'remove name', kind: 'break' },
    { action: 'dns-servfail', label: 'server failure', kind: 'break' },
    { action: 'dns-split', label: 'second server differs', kind: 'break' },
  ];
  const actions: Action[] = changed ? [{ action: 'dns-restore', label: 'restore', kind: 'mend' }] : breaks;
  return { id: `dns/${name}`, name, state: state || 'no record', status: changed ? 'bad' : 'ok', actions };
}
