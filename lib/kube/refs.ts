/** Names of things: references to Kubernetes objects and the keys under which we store them. */

/** A reference to an object; `uid` is absent where the object does not exist (a ghost). */
export interface Ref {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
}

/** Key of an object within its kind: `NAMESPACE/NAME`, `/NAME` when cluster-scoped. */
export type ObjectKey = string;

/** Makes the store key of an object. */
export function objectKey(namespace: string, name: string): ObjectKey {
  return [namespace, name].join('/');
}

/** Splits a key made by {@link objectKey}; names never contain a slash. */
export function splitKey(key: ObjectKey): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
