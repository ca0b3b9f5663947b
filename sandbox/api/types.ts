// The shapes every part of the sandbox's API server shares: plain Kubernetes JSON
// and what the server knows about a kind.

export type OwnerReference = {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
};

export type ManagedField = {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time: string;
  fieldsType: 'FieldsV1';
  fieldsV1: Record<string, unknown>;
  subresource?: string;
};

export type KubeMetadata = {
  name: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedField[];
  [key: string]: unknown;
};

/** A Kubernetes object as plain JSON. Objects read from the storage are frozen, all the way down. */
export type KubeObject = {
  apiVersion: string;
  kind: string;
  metadata: KubeMetadata;
  [key: string]: unknown;
};

/** One column of `kubectl get`. Priority 1 shows with `-o wide` only. */
export type Column = {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  format?: string;
  priority?: number;
  description?: string;
  value: (object: KubeObject, now: number) => string | number | boolean | null;
};

/** What the server knows about one version of one kind. */
export type ResourceInfo = {
  group: string;
  version: string;
  /** Plural, lower case: `pods`. */
  resource: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames: string[];
  categories?: string[];
  subresources: { status?: boolean; scale?: boolean; log?: boolean; eviction?: boolean };
  columns?: Column[];
  /** Verbs offered; all of them unless told (reviews only know `create`). */
  verbs?: string[];
  /** OpenAPI schema for `kubectl explain`, from a CRD. */
  schema?: Record<string, unknown>;
  /** Fields that field selectors know beside name and namespace, from a CRD. */
  selectableFields?: readonly string[];
  /** Defined by a CRD: no strategic merge, and list items carry apiVersion and kind. */
  custom?: boolean;
  /** Paths of the scale subresource of a custom resource. */
  scalePaths?: { spec: string; status: string; selector?: string };
};

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** The name of a resource in the storage: `pods`, `deployments.apps`. */
export function resourceKey(group: string, resource: string): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** `v1`, `apps/v1`. */
export function groupVersion(info: { group: string; version: string }): string {
  return info.group === '' ? info.version : `${info.group}/${info.version}`;
}
