/** Parts of "does this controller take that Ingress?" that several products share. */
import type { Ingress, Namespace } from '@/lib/kube/objects';
import { matchesSelector } from '@/lib/kube/selectors';
import type { Acceptance, AcceptanceQuery, NamedClass, WatchScope } from './types';

export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const ANNOTATION = `annotation ${CLASS_ANNOTATION}`;

export const yes = (reason: string): Acceptance => ({ accepts: 'yes', reason });
export const no = (reason: string): Acceptance => ({ accepts: 'no', reason });
export const unknown = (reason: string): Acceptance => ({ accepts: 'unknown', reason });

/** The legacy class annotation; `null` when there is none. */
export function classAnnotation(ingress: Ingress): string | null {
  return ingress.annotations[CLASS_ANNOTATION] ?? null;
}

/** One certain refusal refuses; else one unknown makes it unknown; else the first reason stands. */
export function allOf(...checks: readonly Acceptance[]): Acceptance {
  const first = checks[0];
  if (!first) return unknown('nothing was checked');
  return (
    checks.find(({ accepts }) => accepts === 'no') ??
    checks.find(({ accepts }) => accepts === 'unknown') ??
    first
  );
}

/** Whether the controller watches this Ingress's namespace, and the Ingress by its own labels. */
export function inScope(scope: WatchScope, ingress: Ingress, namespace: Namespace | null): Acceptance {
  const name = ingress.namespace;
  if (scope.watchNamespaces === 'unknown') return unknown('the namespaces that it watches cannot be read');
  if (scope.watchNamespaces && !scope.watchNamespaces.includes(name)) {
    return no(`it watches only namespace ${scope.watchNamespaces.join(', ')}, not ${name}`);
  }
  if (scope.ignoredNamespaces.includes(name)) return no(`it ignores namespace ${name}`);
  if (scope.watchNamespaceSelector) {
    if (!namespace) return unknown(`labels of namespace ${name} cannot be read`);
    if (!matchesSelector(scope.watchNamespaceSelector, namespace.labels)) {
      return no(`its namespace selector leaves out namespace ${name}`);
    }
  }
  if (scope.ingressSelector === 'unknown') return unknown('the label selector for Ingresses cannot be read');
  if (scope.ingressSelector && !matchesSelector(scope.ingressSelector, ingress.labels)) {
    return no('its label selector leaves out this Ingress');
  }
  return yes(`it watches namespace ${name}`);
}

/** Compares the annotation with a class name. */
export function byAnnotation(annotation: string, wanted: string): Acceptance {
  return annotation === wanted
    ? yes(`${ANNOTATION} is ${wanted}`)
    : no(`${ANNOTATION} is "${annotation}", this controller takes "${wanted}"`);
}

/** Compares `spec.controller` of the named class with the values that the controller claims. */
export function byController(
  ingress: Ingress,
  ingressClass: NamedClass,
  values: readonly string[],
): Acceptance {
  const name = ingress.className ?? '';
  if (ingressClass === 'missing') return no(`IngressClass ${name} does not exist`);
  if (ingressClass === 'unknown' || ingressClass === null)
    return unknown(`IngressClass ${name} cannot be read`);
  if (values.length === 0) return unknown('the controller value that it claims cannot be read');
  return values.includes(ingressClass.controller)
    ? yes(`IngressClass ${name} has spec.controller ${ingressClass.controller}`)
    : no(
        `IngressClass ${name} belongs to ${ingressClass.controller}, this controller claims ${values.join(', ')}`,
      );
}

/** Compares `spec.ingressClassName` itself with a class name: the IngressClass need not exist. */
export function byName(ingress: Ingress, wanted: string): Acceptance {
  return ingress.className === wanted
    ? yes(`spec.ingressClassName is ${wanted}`)
    : no(`spec.ingressClassName is "${ingress.className ?? ''}", this controller takes "${wanted}"`);
}

/** Whether a flag that decides this could not be read. */
export function isUnreadable({ instance }: AcceptanceQuery, ...names: readonly string[]): boolean {
  return names.some((name) => instance.unreadable.includes(name));
}

/** Whether the default IngressClass belongs to one of these controllers; for those that look it up at read time. */
export function defaultClassBelongsTo(
  { context }: AcceptanceQuery,
  values: readonly string[],
): boolean | 'unknown' {
  if (!context.classes) return 'unknown';
  return context.classes.some(({ isDefault, controller }) => isDefault && values.includes(controller));
}

const OTHER_DEFAULTS = new Set([
  'nginx',
  'traefik',
  'haproxy',
  'contour',
  'istio',
  'kong',
  'cilium',
  'alb',
  'gce',
  'gce-internal',
]);

/** For products that keep their class name in a ConfigMap: their default is taken, another product's default is not. */
export function byUnreadableAnnotation(annotation: string, usual: string, where: string): Acceptance {
  if (annotation === usual || OTHER_DEFAULTS.has(annotation)) return byAnnotation(annotation, usual);
  return unknown(`${ANNOTATION} is "${annotation}"; ${where} (default ${usual}) cannot be read`);
}
