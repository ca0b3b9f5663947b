/** What the checks of Ingresses share: references, commands and the marks of Ingresses that are exempt. */
import { evidence } from '@/lib/diagnosis/draft';
import { sh } from '@/lib/diagnosis/shell';
import type { Backend, Ingress } from '@/lib/kube/objects';
import type { Ref } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Evidence } from '@/lib/topology/model';
import type { Rule } from '@/lib/topology/rules';

/** Prefix of ingress-nginx' annotations (its default; `--annotations-prefix` is rarely set). */
export const NGINX = 'nginx.ingress.kubernetes.io/';

export function ingressRef(ingress: Ingress): Ref {
  return refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
}

/** cert-manager's HTTP-01 solver: it lives for seconds and looks like many faults (CHECKS trap 13). */
export function isSolver({ labels }: Pick<Ingress, 'labels'>): boolean {
  return labels['acme.cert-manager.io/http01-solver'] === 'true';
}

/** A canary Ingress of ingress-nginx. */
export function isCanary({ annotations }: Pick<Ingress, 'annotations'>): boolean {
  return annotations[`${NGINX}canary`] === 'true';
}

export function lookAt(ingress: Ingress): string {
  return sh`kubectl -n ${ingress.namespace} get ingress ${ingress.name} -o yaml`;
}

export function annotate(ingress: Ingress, key: string, value: string): string {
  return sh`kubectl -n ${ingress.namespace} annotate ingress ${ingress.name} --overwrite ${`${key}=${value}`}`;
}

export function unannotate(ingress: Ingress, key: string): string {
  return sh`kubectl -n ${ingress.namespace} annotate ingress ${ingress.name} ${`${key}-`}`;
}

/** Evidence of one annotation. */
export function annotationEvidence(ingress: Ingress, key: string): Evidence {
  return evidence(ingressRef(ingress), `metadata.annotations[${key}]`, ingress.annotations[key] ?? 'not set');
}

/** A rule with where it stands in the spec. */
export interface PlacedRule {
  readonly rule: Rule;
  /** Positions of the host's block and of the path in it; -1 for the default backend. */
  readonly block: number;
  readonly position: number;
  /** JSON path, as evidence cites it. */
  readonly at: string;
}

/** The rules of an Ingress with their places; `rules` are those of `ingressRules`, in their order. */
export function placedRules(ingress: Ingress, rules: readonly Rule[]): readonly PlacedRule[] {
  const places = ingress.rules.flatMap(({ paths }, block) =>
    paths.map((_, position) => ({ block, position })),
  );
  return rules.map((rule, i) => {
    const place = rule.isDefault ? undefined : places[i];
    if (!place) return { rule, block: -1, position: -1, at: 'spec.defaultBackend' };
    return { rule, ...place, at: `spec.rules[${place.block}].http.paths[${place.position}]` };
  });
}

/** Evidence of one rule's path. */
export function pathEvidence(ingress: Ingress, { rule, at }: PlacedRule): Evidence {
  return evidence(
    ingressRef(ingress),
    rule.isDefault ? at : `${at}.path`,
    rule.isDefault ? 'every path' : rule.path,
  );
}

/** A JSON patch of one field of the spec; `at` is a path as evidence cites it. */
export function patchAt(ingress: Ingress, at: string, value: unknown): string {
  const path = `/${at.replaceAll('.', '/').replace(/\[(\d+)\]/g, '/$1')}`;
  const patch = JSON.stringify([{ op: 'replace', path, value }]);
  return sh`kubectl -n ${ingress.namespace} patch ingress ${ingress.name} --type=json -p ${patch}`;
}

/** A backend in words. */
export function backendWords(backend: Backend | null): string {
  if (backend === null) return 'no backend';
  if (backend.type === 'resource') return `${backend.kind} ${backend.name}`;
  return backend.port === null ? `Service ${backend.name}` : `Service ${backend.name}:${backend.port}`;
}

/** `a, b and 3 more`. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** What stands in an English sentence before a count. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}
