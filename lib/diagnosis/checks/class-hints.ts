/** Classes of the cluster as a whole; each is told once, whatever number of Ingresses it concerns. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import type { IngressClass } from '@/lib/kube/objects';
import { type ObjectKey, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { controllers } from '@/lib/topology/controllers';
import { CLASS_ANNOTATION, classNameOf } from '@/lib/topology/entries';
import { config, known, members, object } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';
import { counted, ingressRef, listed, lookAt } from './ingress-parts';

/** All Ingresses at once. */
const INGRESSES = refOf('ingresses', '', '*');

function refsOf(keys: readonly ObjectKey[]): Draft['related'] {
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

function classes(read: Reader): readonly IngressClass[] {
  return members(read, 'classes-all', '').flatMap((key) => object(read, 'ingressclasses', key) ?? []);
}

/** Default classes, the one that newer API servers take first: the newest, of one second the first by name. */
function defaults(read: Reader): readonly IngressClass[] {
  return classes(read)
    .filter((one) => one.isDefault)
    .sort((a, b) => (b.created ?? 0) - (a.created ?? 0) || (a.name < b.name ? -1 : 1));
}

function severalDraft(all: readonly IngressClass[]): Draft {
  const [newest] = all as [IngressClass];
  return draft({
    code: 'ingress-class-default-multiple',
    severity: 'warning',
    hop: 'class',
    subject: refOf('ingressclasses', '', '*'),
    related: all.map((one) => refOf('ingressclasses', '', one.name, one.uid)),
    title: `${all.length} IngressClasses are the default`,
    detail: `${listed(all.map((one) => one.name))}: an Ingress that is created without class gets ${newest.name}, the newest, from newer API servers, and is refused by older ones`,
    evidence: all
      .slice(0, 5)
      .map((one) =>
        evidence(
          refOf('ingressclasses', '', one.name, one.uid),
          'metadata.annotations[ingressclass.kubernetes.io/is-default-class]',
          'true',
        ),
      ),
    fix: {
      summary: 'Keep the mark on one class.',
      look: ['kubectl get ingressclass'],
      managedBy: managedBy(newest),
    },
  });
}

/** `ingress-class-default-multiple`: what new Ingresses without class would get. */
export const severalDefaultClasses: Query<readonly Found[]> = {
  name: 'several-default-classes',
  level: 6,
  compute: (read) => {
    const all = defaults(read);
    return all.length > 1 ? [{ draft: severalDraft(all) }] : [];
  },
};

/** The same for the AWS controller, which looks the default up whenever it reads an Ingress without class, and stops at several. */
export function severalForAlb(read: Reader, { ingress, controller, rules }: IngressUnit): readonly Found[] {
  if (controller?.type !== 'aws-alb' || classNameOf(ingress) !== null) return [];
  const all = defaults(read);
  if (all.length < 2) return [];
  const base = severalDraft(all);
  const live = ingress.addresses.length > 0;
  const found: Draft = {
    ...base,
    severity: live ? 'degraded' : 'broken',
    title: live ? base.title : symptomTitle(rules, 'not carried out', base.title),
    detail: `${base.detail}; the AWS controller carries out no Ingress without class while there are several`,
    related: [ingressRef(ingress)],
    fix: { ...base.fix, look: [...base.fix.look, lookAt(ingress)] },
  };
  return [{ draft: found, status: live ? 'degraded' : 'broken' }];
}

/** `ingress-class-default-none`: Ingresses without class that nobody serves, and no default for the next one. */
export const noDefaultClass: Query<readonly Found[]> = {
  name: 'no-default-class',
  level: 6,
  compute: (read) => {
    if (!known(read, 'ingressclasses').known || classes(read).length === 0 || defaults(read).length > 0)
      return [];
    const lost = members(read, 'ingresses-by-class', '').filter(
      (key) => read.query(serving, key).problem === 'class-unset',
    );
    if (lost.length === 0) return [];
    const names = classes(read).map((one) => one.name);
    const only = names.length === 1 ? names[0] : undefined;
    const found = draft({
      code: 'ingress-class-default-none',
      severity: 'info',
      impact: 'risk',
      hop: 'class',
      subject: refOf('ingressclasses', '', '*'),
      related: refsOf(lost),
      title: 'No IngressClass is the default',
      detail: `${counted(lost.length, 'Ingress names', 'Ingresses name')} no class, and the next one would get none either: ${listed(lost)}`,
      evidence: [evidence(null, 'IngressClasses', listed(names))],
      fix: {
        summary:
          'Mark one class as default for Ingresses to come; those that exist need spec.ingressClassName.',
        look: ['kubectl get ingressclass'],
        change: only === undefined ? [] : [markDefault(only)],
      },
    });
    return [{ draft: found }];
  },
};

function markDefault(name: string): string {
  return sh`kubectl annotate ingressclass ${name} ingressclass.kubernetes.io/is-default-class=true`;
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
