import { isExternalDns } from '@/lib/controllers/external-dns';
import { externalController, recogniseWorkload } from '@/lib/controllers/registry';
import { tlsSettings } from '@/lib/controllers/tls-settings';
import type { RoleBinding } from '@/lib/kube/access-objects';
import type { Ingress, KindName, Kinds, Labels, Meta, Pod, Service, Workload } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import type { Index, IndexTable } from '@/lib/state/store';
import {
  gatewayBlockers,
  hasFirewall,
  oddLimits,
  snippetAnnotations,
  usesCaptures,
} from './annotation-marks';
import { annotationSecrets } from './annotation-secrets';
import { cniOf } from './cni-fingerprint';
import { CLASS_ANNOTATION, classNameOf, isExposed } from './entries';
import { asciiName } from './host-names';
import { productPrefixes } from './product-annotations';

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

/** The Secret that a controller is told to serve where a host has none of its own. */
function defaultCertificate(workload: Workload): readonly string[] {
  const recognised = recogniseWorkload(workload);
  const name = recognised ? tlsSettings(workload, recognised).defaultCertificate : null;
  return name === null || name === 'unknown' ? NONE : [name];
}

/** Keys `NS/NAME` of the owner of one kind: cert-manager's objects own one another. */
function ownedBy(kind: string): (object: Meta) => readonly string[] {
  return ({ namespace, owner }) => (owner?.kind === kind ? [objectKey(namespace, owner.name)] : NONE);
}

/** How `events-of-object` names what an Event is about. */
export function eventKey(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
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

/**
 * Whether a Deployment has given up its rollout: spec.progressDeadlineSeconds are over (Deployment v1, condition
 * Progressing). A newer generation that its controller has not looked at starts anew.
 */
function isStuck({ conditions, observedGeneration, generation }: Workload): boolean {
  if (observedGeneration < generation) return false;
  const progressing = conditions.find((condition) => condition.type === 'Progressing');
  return progressing?.status === 'False' && progressing.reason === 'ProgressDeadlineExceeded';
}

/** `NS SELECTOR`, the selector's pairs sorted: Services that choose the same pods stand under one key. */
export function selectorKeys({ namespace, selector }: Service): readonly string[] {
  if (selector === null) return NONE;
  const text = selectorText(selector);
  return text === '' ? NONE : [[namespace, text].join(' ')];
}

/** Asked when a Service is indexed and when it is judged. */
const TEXTS = new WeakMap<Labels, string>();

function selectorText(selector: Labels): string {
  let text = TEXTS.get(selector);
  if (text === undefined) {
    text = Object.entries(selector)
      .map((pair) => pair.join('='))
      .sort()
      .join(',');
    TEXTS.set(selector, text);
  }
  return text;
}

/** Key of the workloads of a namespace whose pods carry a label. */
export function labelKey(namespace: string, name: string, value: string): string {
  return [namespace, ' ', name, '=', value].join('');
}

const workloads = (keys: (workload: Workload) => readonly string[]): readonly Index[] => [
  index('deployments', keys),
  index('daemonsets', keys),
  index('statefulsets', keys),
];

/** Subjects of a binding as index keys: `KIND NAMESPACE/NAME`, the namespace of service accounts alone. */
function subjectsOf(binding: RoleBinding): readonly string[] {
  return unique(binding.subjects.map(({ kind, namespace, name }) => subjectKey(kind, namespace, name)));
}

/** Key of a subject of bindings; a namespace counts only for a ServiceAccount. */
export function subjectKey(kind: string, namespace: string, name: string): string {
  return `${kind} ${objectKey(kind === 'ServiceAccount' ? namespace : '', name)}`;
}

const bindings = (keys: (binding: RoleBinding) => readonly string[]): readonly Index[] => [
  index('rolebindings', keys),
  index('clusterrolebindings', keys),
];
/** Class annotations that could be fields; GKE reads the annotation alone (SEMANTICS 2.6). */
function legacyClass({ annotations }: Ingress): readonly string[] {
  return annotations[CLASS_ANNOTATION] !== undefined && !isGce(annotations) ? ALL : NONE;
}

function isGce(annotations: Ingress['annotations']): boolean {
  const value = annotations[CLASS_ANNOTATION];
  return value !== undefined && externalController('', value)?.type === 'gce';
}

const EXPRESSIONS = ['use-regex', 'rewrite-target', 'path-regex', 'router.pathmatcher', 'path-type'];

/** Plain paths that are left to the controller's reading; expressions must be, solvers come and go, and GKE's have a check of their own. */
function freePaths({ annotations, labels, rules }: Ingress): readonly string[] {
  const plain = rules.some(({ paths }) =>
    paths.some(({ path, pathType }) => pathType === 'ImplementationSpecific' && /^[\w./~-]+$/.test(path)),
  );
  const own = labels['acme.cert-manager.io/http01-solver'] === 'true' || isGce(annotations);
  if (!plain || own) return NONE;
  return Object.keys(annotations).some((key) => EXPRESSIONS.includes(key.slice(key.indexOf('/') + 1)))
    ? NONE
    : ALL;
}

function albGroups({ annotations }: Ingress): readonly string[] {
  const name = annotations['alb.ingress.kubernetes.io/group.name'];
  return name ? [name] : NONE;
}
/** `GROUP/RESOURCE` of Ingresses in a webhook's rules. */
const INGRESS_RESOURCE = /^(networking\.k8s\.io|extensions|\*)\/(ingresses|\*)$/;

/** Every relation that the topology looks up, by name. Names never equal a kind's. */
export const INDEXES = {
  'slices-of-service': [
    index('endpointslices', (slice) => (slice.service ? [objectKey(slice.namespace, slice.service)] : NONE)),
  ],
  'slices-unlabelled': [
    index('endpointslices', (slice) => (slice.service === '' ? [slice.namespace] : NONE)),
  ],
  'pods-of-namespace': [index('pods', (pod) => [pod.namespace])],
  /** Namespaces with pods that wait for a cloud's load balancer. */
  'pods-gated': [index('pods', (pod) => (pod.readinessGates.length > 0 ? [pod.namespace] : NONE))],
  'pods-crashing': [index('pods', (pod) => (isCrashing(pod) ? ALL : NONE))],
  'services-of-namespace': [index('services', (service) => [service.namespace])],
  'services-by-ip': [
    index('services', (service) => (/[.:]/.test(service.clusterIP) ? [service.clusterIP] : NONE)),
  ],
  'services-by-selector': [index('services', (service) => selectorKeys(service))],
  'services-by-name': [index('services', (service) => [service.name])],
  'services-exposed': [index('services', (service) => (isExposed(service) ? ALL : NONE))],
  'services-external': [index('services', (service) => (service.type === 'ExternalName' ? ALL : NONE))],
  'services-by-host': [index('services', serviceHosts)],
  'services-with-hosts': [index('services', (service) => (serviceHosts(service).length > 0 ? ALL : NONE))],
  'workloads-of-namespace': workloads((workload) => [workload.namespace]),
  'workloads-by-label': workloads(({ namespace, templateLabels }) =>
    Object.entries(templateLabels).map(([name, value]) => labelKey(namespace, name, value)),
  ),
  'deployments-stuck': [
    index('deployments', (workload) => (isStuck(workload) ? [workload.namespace] : NONE)),
  ],
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
  'ingresses-of-namespace': [index('ingresses', (ingress) => [ingress.namespace])],
  'ingresses-by-tls-host': [
    index('ingresses', (ingress) => unique(ingress.tls.flatMap((entry) => entry.hosts.map(asciiName)))),
  ],
  'ingresses-by-class': [index('ingresses', (ingress) => [classNameOf(ingress) ?? ''])],
  'ingresses-legacy-class': [index('ingresses', legacyClass)],
  'ingresses-free-paths': [index('ingresses', freePaths)],
  'ingresses-by-product': [index('ingresses', (ingress) => productPrefixes(ingress.annotations))],
  'ingresses-by-alb-group': [index('ingresses', albGroups)],
  'ingresses-of-auth-secret': [
    index('ingresses', (ingress) => unique(annotationSecrets(ingress).map(({ key }) => key))),
  ],
  'certificates-by-secret': [
    index('certificates', ({ namespace, secretName }) =>
      secretName ? [objectKey(namespace, secretName)] : NONE,
    ),
  ],
  'acme-issuers': [
    index('issuers', ({ isAcme }) => (isAcme ? ALL : NONE)),
    index('clusterissuers', ({ isAcme }) => (isAcme ? ALL : NONE)),
  ],
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
  'peer-authentications-of-namespace': [index('peerauthentications', (one) => [one.namespace])],
  'authorization-policies-of-namespace': [index('authorizationpolicies', (one) => [one.namespace])],
  // Those of the whole cluster stand under no namespace.
  'foreign-policies-of-namespace': [
    index('ciliumnetworkpolicies', (policy) => [policy.namespace]),
    index('ciliumclusterwidenetworkpolicies', () => ALL),
    index('caliconetworkpolicies', (policy) => [policy.namespace]),
    index('calicoglobalnetworkpolicies', () => ALL),
    index('adminnetworkpolicies', () => ALL),
    index('baselineadminnetworkpolicies', () => ALL),
  ],
  'budgets-of-namespace': [index('poddisruptionbudgets', (budget) => [budget.namespace])],
  'autoscalers-of-namespace': [index('horizontalpodautoscalers', (scaler) => [scaler.namespace])],
  'classes-all': [index('ingressclasses', () => ALL)],
  'nodes-all': [index('nodes', () => ALL)],
  'nodes-ailing': [index('nodes', ({ ready, unschedulable }) => (ready && !unschedulable ? NONE : ALL))],
  'nodes-of-gke': [index('nodes', ({ labels }) => (labels['cloud.google.com/gke-nodepool'] ? ALL : NONE))],
  'secrets-of-namespace': [index('secrets', (secret) => [secret.namespace])],
  'secrets-by-name': [index('secrets', (secret) => [secret.name])],
  'default-certificates': workloads(defaultCertificate),
  'requests-of-certificate': [index('certificaterequests', ownedBy('Certificate'))],
  'orders-of-request': [index('orders', ownedBy('CertificateRequest'))],
  'challenges-of-order': [index('challenges', ownedBy('Order'))],
  'issuers-of-namespace': [index('issuers', (issuer) => [issuer.namespace])],
  'clusterissuers-all': [index('clusterissuers', () => ALL)],
  'events-of-object': [
    index('events', ({ involved }) => [eventKey(involved.kind, involved.namespace, involved.name)]),
  ],
  'events-of-place': [index('events', ({ involved }) => [`${involved.kind}/${involved.namespace}`])],
  'webhooks-all': [index('validatingwebhookconfigurations', () => ALL)],
  'scalers-of-namespace': [index('scaledobjects', (scaler) => [scaler.namespace])],
  'policies-all': [index('networkpolicies', () => ALL)],
  'namespaces-all': [index('namespaces', () => ALL)],
  'cni-daemonsets': [index('daemonsets', (workload) => (cniOf(workload) ? ALL : NONE))],
  'challenges-of-namespace': [index('challenges', (challenge) => [challenge.namespace])],
  'bindings-of-subject': bindings(subjectsOf),
  'bindings-all': bindings(() => ALL),
  'webhooks-of-namespace': [
    index('validatingwebhookconfigurations', (webhooks) =>
      unique(webhooks.hooks.flatMap((hook) => hook.service?.namespace ?? [])),
    ),
  ],
} satisfies IndexTable;

export type IndexName = keyof typeof INDEXES;
