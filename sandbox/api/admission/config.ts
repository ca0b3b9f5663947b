// What a cluster fills into Namespaces, Secrets, bindings and endpoints.
import { isRecord, record } from '../json';
import type { KubeObject } from '../types';

const RBAC = 'rbac.authorization.k8s.io';

/** A Namespace with its name as label and as Active. */
export function defaultNamespace(object: KubeObject): KubeObject {
  const labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
  return {
    ...object,
    metadata: { ...object.metadata, labels },
    spec: { finalizers: ['kubernetes'], ...record(object.spec) },
    status: object.status ?? { phase: 'Active' },
  };
}

/** A Secret with its stringData written into data. */
export function defaultSecret(object: KubeObject): KubeObject {
  const { stringData, ...rest } = object;
  const written = Object.entries(record(stringData)).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  const data =
    written.length === 0 ? object.data : { ...record(object.data), ...Object.fromEntries(written) };
  return { ...rest, ...(data === undefined ? {} : { data }), type: object.type ?? 'Opaque' };
}

/** A binding whose role and subjects name their API group. */
export function defaultBinding(object: KubeObject): KubeObject {
  const subjects = Array.isArray(object.subjects)
    ? object.subjects.map((subject: unknown) =>
        isRecord(subject) && subject.kind !== 'ServiceAccount' ? { apiGroup: RBAC, ...subject } : subject,
      )
    : undefined;
  return {
    ...object,
    roleRef: { apiGroup: RBAC, ...record(object.roleRef) },
    ...(subjects === undefined ? {} : { subjects }),
  };
}

/** An EndpointSlice whose ports have a protocol. */
export function defaultEndpointSlice(object: KubeObject): KubeObject {
  if (!Array.isArray(object.ports)) return object;
  const ports = object.ports.map((port: unknown) =>
    isRecord(port) ? { name: '', protocol: 'TCP', ...port } : port,
  );
  return { ...object, ports };
}

/** A NetworkPolicy that says which directions it is about. */
export function defaultNetworkPolicy(object: KubeObject): KubeObject {
  const spec = record(object.spec);
  const policyTypes =
    spec.policyTypes ??
    (Array.isArray(spec.egress) && spec.egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress']);
  return { ...object, spec: { ...spec, policyTypes } };
}
