// What the API server decides about an object's metadata at a write.
import type { KubeMetadata, KubeObject } from './types';

/** Core kinds whose generation the API server leaves unset. */
const WITHOUT_GENERATION = new Set(['Pod', 'Service', 'Namespace', 'Node', 'PersistentVolumeClaim']);

/** What a client cannot change by an update. */
const SERVER_OWNED = [
  'uid',
  'creationTimestamp',
  'generation',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'namespace',
  'resourceVersion',
  'generateName',
] as const;

/** Kubernetes' time format: whole seconds. */
export function timestamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

/** Whether the API server counts generations of this object's spec. */
export function hasGeneration(object: KubeObject): boolean {
  return 'spec' in object && !WITHOUT_GENERATION.has(object.kind);
}

/** The next state: the given object with what only the server may set taken from the old one. */
export function nextState(before: KubeObject, object: KubeObject, isStatus: boolean): KubeObject {
  const kept = before.metadata;
  const metadata: KubeMetadata = { ...(isStatus ? kept : object.metadata) };
  for (const key of SERVER_OWNED) {
    if (kept[key] === undefined) delete metadata[key];
    else Object.assign(metadata, { [key]: kept[key] });
  }
  return isStatus ? { ...before, metadata, status: object.status } : { ...object, metadata };
}

/** Marked as deleted, no finalizer left, and nobody owes it a grace period. */
export function isReadyToGo(object: KubeObject): boolean {
  // A namespace stays until its content is gone; who empties it removes it.
  if (object.kind === 'Namespace' && object.apiVersion === 'v1') return false;
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && finalizers.length === 0;
}
