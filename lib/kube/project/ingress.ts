import type { Backend, Ingress, IngressClass, IngressPath } from '@/lib/kube/objects';
import { lastEdit } from './edit';
import type { Interner } from './interner';
import { meta } from './meta';
import { list, number, type Raw, record, text, texts } from './raw';
import { loadBalancerAddresses } from './service';

const NONE: readonly never[] = Object.freeze([]);

function backend(value: unknown): Backend | null {
  const raw = record(value);
  if (typeof raw.service === 'object' && raw.service !== null) {
    const service = record(raw.service);
    const port = record(service.port);
    const name = text(port.name);
    return { type: 'service', name: text(service.name), port: name !== '' ? name : number(port.number) };
  }
  if (typeof raw.resource === 'object' && raw.resource !== null) {
    const resource = record(raw.resource);
    return {
      type: 'resource',
      group: text(resource.apiGroup),
      kind: text(resource.kind),
      name: text(resource.name),
    };
  }
  return null;
}

function path(entry: unknown, interner: Interner): IngressPath {
  const raw = record(entry);
  return { path: text(raw.path), pathType: interner.text(text(raw.pathType)), backend: backend(raw.backend) };
}

function rules(value: unknown, interner: Interner): Ingress['rules'] {
  return list(value).map((entry) => {
    const rule = record(entry);
    return { host: text(rule.host), paths: list(record(rule.http).paths).map((one) => path(one, interner)) };
  });
}

function tls(value: unknown): Ingress['tls'] {
  const entries = list(value);
  if (entries.length === 0) return NONE;
  return entries.map((entry) => ({
    hosts: texts(record(entry).hosts),
    secretName: text(record(entry).secretName),
  }));
}

/** An Ingress. `className` is null where the field is absent, and empty where it is set to nothing. */
export function projectIngress(raw: Raw, interner: Interner): Ingress | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const spec = record(raw.spec);
  const className = spec.ingressClassName;
  return {
    ...common,
    className: className === undefined || className === null ? null : interner.text(text(className)),
    defaultBackend: backend(spec.defaultBackend),
    rules: rules(spec.rules, interner),
    tls: tls(spec.tls),
    addresses: loadBalancerAddresses(record(raw.status)),
    edited: lastEdit(raw, interner),
  };
}

function parameters(value: unknown): IngressClass['parameters'] {
  if (typeof value !== 'object' || value === null) return null;
  const raw = record(value);
  return {
    group: text(raw.apiGroup),
    kind: text(raw.kind),
    name: text(raw.name),
    scope: text(raw.scope) || 'Cluster',
    namespace: text(raw.namespace),
  };
}

/** An IngressClass. */
export function projectIngressClass(raw: Raw, interner: Interner): IngressClass | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  return {
    ...common,
    controller: text(record(raw.spec).controller),
    parameters: parameters(record(raw.spec).parameters),
    isDefault: common.annotations['ingressclass.kubernetes.io/is-default-class'] === 'true',
  };
}
