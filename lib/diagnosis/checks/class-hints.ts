/** Classes of the cluster as a whole; each is told once, whatever number of Ingresses it concerns. */
import type { Found } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { IngressClass } from '@/lib/kube/objects';
import { type ObjectKey, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { controllers } from '@/lib/topology/controllers';
import { CLASS_ANNOTATION } from '@/lib/topology/entries';
import { config, known, members, object } from '@/lib/topology/reads';
import { counted, listed } from './ingress-parts';

/** All Ingresses at once. */
const INGRESSES = refOf('ingresses', '', '*');

/** References to the first 50 Ingresses of some keys. */
export function refsOf(keys: readonly ObjectKey[]): Draft['related'] {
  return keys.slice(0, 50).map((key) => {
    const { namespace, name } = splitKey(key);
    return refOf('ingresses', namespace, name);
  });
}

function looks(keys: readonly ObjectKey[]): readonly string[] {
  return keys.slice(0, 1).map((key) => {
    const { namespace, name } = splitKey(key);
    return sh`kubectl -n ${namespace} get ingress ${name} -o yaml`;
  });
}

/** `ingress-class-legacy-annotation`; GKE's values are left out by the index. */
export const legacyAnnotations: Query<readonly Found[]> = {
  name: 'legacy-annotations',
  level: 6,
  compute: (read) => {
    const keys = members(read, 'ingresses-legacy-class', '');
    if (keys.length === 0) return [];
    const found = draft({
      code: 'ingress-class-legacy-annotation',
      severity: 'info',
      impact: 'risk',
      hop: 'class',
      subject: INGRESSES,
      related: refsOf(keys),
      title: `${counted(keys.length, 'Ingress names', 'Ingresses name')} the class by annotation`,
      detail: `${CLASS_ANNOTATION} has been deprecated since Kubernetes 1.18: ${listed(keys)}`,
      evidence: refsOf(keys.slice(0, 5)).map((ref) =>
        evidence(ref, `metadata.annotations[${CLASS_ANNOTATION}]`, 'set'),
      ),
      fix: {
        summary: 'Move the value to spec.ingressClassName; only GKE still needs the annotation.',
        look: looks(keys),
      },
    });
    return [{ draft: found }];
  },
};

/** `rule-pathtype-implspecific`: plain paths whose meaning depends on the controller; expressions are left out by the index. */
export const controllerPaths: Query<readonly Found[]> = {
  name: 'controller-paths',
  level: 6,
  compute: (read) => {
    const keys = members(read, 'ingresses-free-paths', '');
    if (keys.length === 0) return [];
    const found = draft({
      code: 'rule-pathtype-implspecific',
      severity: 'info',
      impact: 'risk',
      hop: 'rule',
      subject: INGRESSES,
      related: refsOf(keys),
      title: `${counted(keys.length, 'Ingress leaves', 'Ingresses leave')} the matching of paths to the controller`,
      detail: `plain paths with pathType ImplementationSpecific mean something else on another controller: ${listed(keys)}`,
      evidence: refsOf(keys.slice(0, 5)).map((ref) =>
        evidence(ref, 'spec.rules[].http.paths[].pathType', 'ImplementationSpecific'),
      ),
      fix: { summary: 'Use Prefix or Exact where no expression is needed.', look: looks(keys) },
    });
    return [{ draft: found }];
  },
};

/** All IngressClasses. */
export function classes(read: Reader): readonly IngressClass[] {
  return members(read, 'classes-all', '').flatMap((key) => object(read, 'ingressclasses', key) ?? []);
}

/** A new class may be waiting for its first Ingress. */
const NEW_MS = 60 * 60_000;

/** What must be seen before a class can be called unused: who names it, who claims it, who makes Ingresses of it. */
const NEEDED = [
  'ingresses',
  'issuers',
  'clusterissuers',
  'deployments',
  'daemonsets',
  'statefulsets',
] as const;

/** `ingress-class-unused`: one finding for each class. */
export const unusedClasses: Query<readonly Found[]> = {
  name: 'unused-classes',
  level: 6,
  compute: (read) => {
    if (config(read).limitedView || !NEEDED.every((kind) => known(read, kind).known)) return [];
    // ACME solvers use a class for seconds.
    if (members(read, 'acme-issuers', '').length > 0) return [];
    return classes(read)
      .filter((one) => isUnused(read, one))
      .map((one) => ({ draft: unusedDraft(one) }));
  },
};

function isUnused(read: Reader, { name, isDefault, created }: IngressClass): boolean {
  if (isDefault || members(read, 'ingresses-by-class', name).length > 0) return false;
  if (created !== null && !read.reached(created + NEW_MS)) return false;
  // A running controller brings its class along; its own resources may name it, and Ingresses without class go there.
  return !read.query(controllers, '').some((one) => one.kind === 'workload' && one.classes.includes(name));
}

function unusedDraft(one: IngressClass): Draft {
  return draft({
    code: 'ingress-class-unused',
    severity: 'info',
    impact: 'risk',
    hop: 'class',
    subject: refOf('ingressclasses', '', one.name, one.uid),
    title: `No Ingress uses class ${one.name}`,
    detail: `no Ingress names ${one.name}, by field or by annotation`,
    evidence: [evidence(refOf('ingressclasses', '', one.name, one.uid), 'spec.controller', one.controller)],
    fix: {
      summary: 'Leave it if it is kept for later; else delete it.',
      look: ['kubectl get ingressclass'],
      managedBy: managedBy(one),
    },
  });
}
