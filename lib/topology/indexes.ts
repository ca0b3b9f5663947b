import { isExternalDns } from '@/lib/controllers/external-dns';
import { recogniseWorkload } from '@/lib/controllers/registry';
import type { Ingress, KindName, Kinds, Pod, Service, Workload } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import type { Index, IndexTable } from '@/lib/state/store';
import { classNameOf, isExposed } from './entries';

function index<K extends KindName>(kind: K, keys: (object: Kinds[K]) => readonly string[]): Index {
  return { kind, keys: keys as (object: Kinds[KindName]) => readonly string[] };
}

const ALL = [''];
const NONE: readonly string[] = [];

function unique(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...new Set(values)];
}

function backendServices(ingress: Ingress): readonly string[] {
  const keys: string[] = [];
  const backends = [
    ingress.defaultBackend,
    ...ingress.rules.flatMap((rule) => rule.paths.map((path) => path.backend)),
  ];
  for (const backend of backends)
    if (backend?.type === 'service') keys.push(objectKey(ingress.namespace, backend.name));
  return unique(keys);
}

function ingressHosts(ingress: Ingress): readonly string[] {
  const hosts = ingress.rules.map((rule) => rule.host);
  if (ingress.defaultBackend) hosts.push('');
  return unique(hosts);
}

/** Annotations by which external-dns is told a name for a Service (old and new prefix). */
export const EXTERNAL_DNS_HOSTNAMES = [
  'external-dns.alpha.kubernetes.io/hostname',
  'external-dns.kubernetes.io/hostname',
];

/** Host names that a directly exposed Service claims by an external-dns annotation. */
export function serviceHosts(service: Service): readonly string[] {
  if (!isExposed(service)) return NONE;
  const text = EXTERNAL_DNS_HOSTNAMES.map((key) => service.annotations[key] ?? '').join(',');
  return unique(
    text
      .split(',')
      .map((name) => name.trim().toLowerCase().replace(/\.$/, ''))
      .filter((name) => name !== ''),
  );
}

/** Whether a container of a pod crashes again and again, as `pod-crashloop` judges it: its last lines are worth reading. */
export function isCrashing({ deleting, states }: Pod): boolean {
  return (
    deleting === null &&
    states.some(
      ({ waiting, ready, restarts, terminated }) =>
        waiting?.reason === 'CrashLoopBackOff' ||
        (!ready && restarts >= 3 && terminated !== null && terminated.exitCode !== 0),
    )
  );
}

const workloads = (keys: (workload: Workload) => readonly string[]): readonly Index[] => [
  index('deployments', keys),
  index('daemonsets', keys),
  index('statefulsets', keys),
];

/** Every relation that the topology looks up, by name. Names never equal a kind's. */
export const INDEXES = {
  'slices-of-service': [
    index('endpointslices', (slice) => (slice.service ? [objectKey(slice.namespace, slice.service)] : NONE)),
  ],
  'pods-of-namespace': [index('pods', (pod) => [pod.namespace])],
  /** Namespaces with pods that wait for a cloud's load balancer. */
  'pods-gated': [index('pods', (pod) => (pod.readinessGates.length > 0 ? [pod.namespace] : NONE))],
  'pods-crashing': [index('pods', (pod) => (isCrashing(pod) ? ALL : NONE))],
  'services-of-namespace': [index('services', (service) => [service.namespace])],
  'services-by-name': [index('services', (service) => [service.name])],
  'services-exposed': [index('services', (service) => (isExposed(service) ? ALL : NONE))],
  'services-by-host': [index('services', serviceHosts)],
  'workloads-of-namespace': workloads((workload) => [workload.namespace]),
  'controller-workloads': workloads((workload) => (recogniseWorkload(workload) ? ALL : NONE)),
  'external-dns-workloads': workloads((workload) => (isExternalDns(workload) ? ALL : NONE)),
  'ingresses-all': [index('ingresses', () => ALL)],
  'ingresses-of-service': [index('ingresses', backendServices)],
  'ingresses-by-host': [index('ingresses', ingressHosts)],
  'ingresses-of-secret': [
    index('ingresses', (ingress) =>
      unique(ingress.tls.filter((t) => t.secretName).map((t) => objectKey(ingress.namespace, t.secretName))),
    ),
  ],
  'ingresses-by-class': [index('ingresses', (ingress) => [classNameOf(ingress) ?? ''])],
  'classes-all': [index('ingressclasses', () => ALL)],
  'nodes-all': [index('nodes', () => ALL)],
  'secrets-by-name': [index('secrets', (secret) => [secret.name])],
  'events-of': [
    index('events', ({ involved }) => [`${involved.kind}/${involved.namespace}/${involved.name}`]),
  ],
  'webhooks-all': [index('validatingwebhookconfigurations', () => ALL)],
  'scalers-of-namespace': [index('scaledobjects', (scaler) => [scaler.namespace])],
} satisfies IndexTable;

export type IndexName = keyof typeof INDEXES;
