/* Kinds that a fresh cluster does not know: taken from CustomResourceDefinitions, or guessed. */
import { kindsOf } from '../api/crds';
import type { ResourceInfo, Storage, KubeObject as StoredObject } from '../api/storage';
import type { LoadedObject } from './documents';

const CLUSTER_SCOPED =
  /^(Cluster[A-Z].*|.*Class|.*ClassParams|AdminNetworkPolicy|BaselineAdminNetworkPolicy|PriorityLevelConfiguration|RuntimeClass|GlobalNetworkPolicy|CSIDriver|CSINode|VolumeAttachment)$/;
const GONE = /^(extensions\/v1beta1|networking\.k8s\.io\/v1beta1|apps\/v1beta[12])$/;

/** Registers the kinds that CustomResourceDefinitions in the input define. */
export function registerDefinitions(storage: Storage, objects: readonly LoadedObject[]): void {
  const definitions = objects.filter(({ object }) => object.kind === 'CustomResourceDefinition');
  for (const { object } of definitions)
    for (const info of kindsOf(object as StoredObject)) storage.register(info);
}

/** Registers what is still unknown, as well as can be guessed; returns a warning for each kind. */
export function registerUnknown(storage: Storage, objects: readonly LoadedObject[]): string[] {
  const warnings: string[] = [];
  for (const { object, place } of objects) {
    if (storage.resourceOf(object)) continue;
    const same = objects.filter(
      (other) => other.object.kind === object.kind && other.object.apiVersion === object.apiVersion,
    );
    const namespaced =
      same.some((other) => other.object.metadata.namespace !== undefined) ||
      !CLUSTER_SCOPED.test(object.kind);
    storage.register(guess(object, namespaced));
    const why = GONE.test(object.apiVersion)
      ? `clusters have not served ${object.kind} as ${object.apiVersion} for years: it is kept, but nothing acts on it; rewrite it to a current version`
      : `unknown kind ${object.kind} (${object.apiVersion}): taken as a ${namespaced ? 'namespaced' : 'cluster-wide'} custom resource; add its CustomResourceDefinition to be exact`;
    warnings.push(`${place}: ${why}`);
  }
  return warnings;
}

function guess(object: { apiVersion: string; kind: string }, namespaced: boolean): ResourceInfo {
  const [first = '', second] = object.apiVersion.split('/');
  const singular = object.kind.toLowerCase();
  return {
    group: second === undefined ? '' : first,
    version: second ?? first,
    resource: plural(singular),
    singular,
    kind: object.kind,
    namespaced,
    shortNames: [],
    subresources: { status: true },
  };
}

function plural(word: string): string {
  if (/(s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return `${word}s`;
}
