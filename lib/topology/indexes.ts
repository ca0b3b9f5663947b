import { recogniseWorkload } from '@/lib/controllers/registry';
import type { Ingress, KindName, Kinds, Service, Workload } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import type { Index, IndexTable } from '@/lib/state/store';
import {
  gatewayBlockers,
  hasFirewall,
  oddLimits,
  snippetAnnotations,
  usesCaptures,
} from './annotation-marks';
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

const workloads = (keys: (workload: Workload) => readonly string[]): readonly Index[] => [
  index('deployments', keys),
  index('daemonsets', keys),
  index('statefulsets', keys),
];

/** `GROUP/RESOURCE` of Ingresses in a webhook's rules. */
const INGRESS_RESOURCE = /^(networking\.k8s\.io|extensions|\*)\/(ingresses|\*)$/;

/** Every relation that the topology looks up, by name. Names never equal a kind's. */
export const INDEXES = {
  'slices-of-service': [
    index('endpointslices', (slice) => (slice.service ? [objectKey(slice.namespace, slice.service)] : NONE)),
  ],
  'pods-of-namespace': [index('pods', (pod) => [pod.namespace])],
  'services-of-namespace': [index('services', (service) => [service.namespace])],
  'services-by-name': [index('services', (service) => [service.name])],
  'services-exposed': [index('services', (service) => (isExposed(service) ? ALL : NONE))],
  'services-by-host': [index('services', serviceHosts)],
  'workloads-of-namespace': workloads((workload) => [workload.namespace]),
  'controller-workloads': workloads((workload) => (recogniseWorkload(workload) ? ALL : NONE)),
  'ingresses-all': [index('ingresses', () => ALL)],
  'ingresses-of-service': [index('ingresses', backendServices)],
  'ingresses-by-host': [index('ingresses', ingressHosts)],
  'ingresses-of-secret': [
    index('ingresses', (ingress) =>
      unique(ingress.tls.filter((t) => t.secretName).map((t) => objectKey(ingress.namespace, t.secretName))),
    ),
  ],
  'ingresses-by-class': [index('ingresses', (ingress) => [classNameOf(ingress) ?? ''])],
  // Of Ingresses that some risk concerns: few of them, all under one key; hints of a namespace under its name too.
  'ingresses-of-default-namespace': [index('ingresses', (i) => (i.namespace === 'default' ? ALL : NONE))],
  'ingresses-with-snippets': [index('ingresses', (i) => (snippetAnnotations(i).length > 0 ? ALL : NONE))],
  'ingresses-with-captures': [index('ingresses', (i) => (usesCaptures(i) ? ALL : NONE))],
  'ingresses-with-odd-limits': [
    index('ingresses', (i) => (oddLimits(i).length > 0 ? ['', i.namespace] : NONE)),
  ],
  'ingresses-without-gateway': [
    index('ingresses', (i) => (gatewayBlockers(i).length > 0 ? ['', i.namespace] : NONE)),
  ],
  'ingresses-with-firewall': [index('ingresses', (i) => (hasFirewall(i) ? ALL : NONE))],
  'services-with-external-ips': [index('services', (s) => (s.externalIPs.length > 0 ? ALL : NONE))],
  'webhooks-of-ingresses': [
    index('validatingwebhookconfigurations', ({ hooks }) =>
      hooks.some(({ resources }) => resources.some((name) => INGRESS_RESOURCE.test(name))) ? ALL : NONE,
    ),
  ],
  'policies-of-namespace': [index('networkpolicies', (policy) => [policy.namespace])],
  'budgets-of-namespace': [index('poddisruptionbudgets', (budget) => [budget.namespace])],
  'autoscalers-of-namespace': [index('horizontalpodautoscalers', (scaler) => [scaler.namespace])],
  'classes-all': [index('ingressclasses', () => ALL)],
  'nodes-all': [index('nodes', () => ALL)],
  'secrets-by-name': [index('secrets', (secret) => [secret.name])],
  'scalers-of-namespace': [index('scaledobjects', (scaler) => [scaler.namespace])],
} satisfies IndexTable;

export type IndexName = keyof typeof INDEXES;
