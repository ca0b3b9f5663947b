import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface ChartObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[];
  readonly [field: string]: unknown;
}

interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

const ROOT = join(import.meta.dirname, '..', '..');

/** The objects of a rendered file of the chart (deploy/helm/golden, deploy/manifests). */
export function renderedObjects(file: string): readonly ChartObject[] {
  return parseAllDocuments(readFileSync(join(ROOT, file), 'utf8')).flatMap(
    (document) => (document.toJS() as ChartObject | null) ?? [],
  );
}

/** What the chart renders for one of its `ci` cases. */
export const goldenObjects = (name: string): readonly ChartObject[] =>
  renderedObjects(`deploy/helm/golden/${name}.yaml`);

/** The pod's spec of a rendering's Deployment. */
export function podSpecOf(objects: readonly ChartObject[]): Readonly<Record<string, unknown>> {
  const deployment = objects.find(({ kind }) => kind === 'Deployment') as
    | (ChartObject & { spec: { template: { spec: Readonly<Record<string, unknown>> } } })
    | undefined;
  if (!deployment) throw new Error('the rendering has no Deployment');
  return deployment.spec.template.spec;
}

/** The environment that a rendering gives the container; what comes from elsewhere (Secrets, the pod) is left out. */
export function environmentOf(objects: readonly ChartObject[]): Readonly<Record<string, string>> {
  const [container] = podSpecOf(objects).containers as readonly [Container];
  return Object.fromEntries(
    container.env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The dashboard's own service account, and the roles and bindings that a rendering gives it. */
export function grantsOf(objects: readonly ChartObject[]): readonly ChartObject[] {
  return objects.filter(({ apiVersion }) => apiVersion === 'rbac.authorization.k8s.io/v1');
}
