// Basic validation: enough that a typo is refused with the words of a real cluster.
import { array, at, isRecord, record, text } from '../json';
import type { Cause } from '../status';
import { type KubeObject, type ResourceInfo, resourceKey } from '../types';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const SUBDOMAIN_WORDS =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LABEL_WORDS =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";

function required(field: string, what?: string): Cause {
  return {
    reason: 'FieldValueRequired',
    message: what === undefined ? 'Required value' : `Required value: ${what}`,
    field,
  };
}

function wrong(field: string, value: unknown, why: string): Cause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field };
}

function unsupported(field: string, value: unknown, allowed: readonly string[]): Cause {
  const list = allowed.map((word) => `"${word}"`).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
    field,
  };
}

function nameCauses(info: ResourceInfo, name: string): Cause[] {
  const field = 'metadata.name';
  if (name === '') return [required(field, 'name or generateName is required')];
  if (info.group.startsWith('rbac.'))
    return /[/%]/.test(name) ? [wrong(field, name, "may not contain '/' or '%'")] : [];
  if (info.resource === 'services' && info.group === '' && (!SERVICE_NAME.test(name) || name.length > 63)) {
    return [
      wrong(
        field,
        name,
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
      ),
    ];
  }
  if (info.resource === 'namespaces' && !(LABEL.test(name) && name.length <= 63))
    return [wrong(field, name, LABEL_WORDS)];
  return SUBDOMAIN.test(name) && name.length <= 253 ? [] : [wrong(field, name, SUBDOMAIN_WORDS)];
}

function labelCauses(labels: unknown): Cause[] {
  return Object.entries(record(labels)).flatMap(([key, value]) => {
    const causes: Cause[] = [];
    if (!LABEL_KEY.test(key))
      causes.push(wrong('metadata.labels', key, 'name part must consist of alphanumeric characters'));
    if (typeof value !== 'string' || !LABEL_VALUE.test(value) || value.length > 63) {
      causes.push(
        wrong(
          'metadata.labels',
          value,
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'",
        ),
      );
    }
    return causes;
  });
}

function portCauses(value: unknown, field: string): Cause[] {
  const isPort = typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536;
  return isPort ? [] : [wrong(field, value ?? 0, 'must be between 1 and 65535, inclusive')];
}

function serviceCauses(service: KubeObject): Cause[] {
  const spec = record(service.spec);
  const causes: Cause[] = [];
  const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
  if (!types.includes(text(spec.type, 'ClusterIP'))) causes.push(unsupported('spec.type', spec.type, types));
  if (spec.type === 'ExternalName') {
    if (text(spec.externalName) === '') causes.push(required('spec.externalName'));
  } else if (array(spec.ports).length === 0 && spec.clusterIP !== 'None') causes.push(required('spec.ports'));
  const ports = array(spec.ports);
  for (const [index, port] of ports.entries()) {
    const field = `spec.ports[${index}]`;
    causes.push(...portCauses(at(port, 'port'), `${field}.port`));
    if (ports.length > 1 && text(at(port, 'name')) === '') causes.push(required(`${field}.name`));
  }
  const { selector } = spec;
  const isMap = isRecord(selector) && Object.values(selector).every((value) => typeof value === 'string');
  if (selector !== undefined && selector !== null && !isMap)
    causes.push(wrong('spec.selector', selector, 'must be a map of strings'));
  return causes;
}

function backendCauses(backend: unknown, field: string): Cause[] {
  const service = at(backend, 'service');
  const hasResource = at(backend, 'resource') !== undefined;
  if (service === undefined && !hasResource)
    return [required(field, 'one of service or resource is required')];
  if (service === undefined) return [];
  const causes: Cause[] = text(at(service, 'name')) === '' ? [required(`${field}.service.name`)] : [];
  const port = record(at(service, 'port'));
  if (port.name === undefined && port.number === undefined)
    causes.push(required(`${field}.service.port`, 'port name or number is required'));
  return causes;
}

function pathCauses(path: unknown, field: string): Cause[] {
  const causes: Cause[] = [];
  const type = at(path, 'pathType');
  const types = ['Exact', 'ImplementationSpecific', 'Prefix'];
  if (type === undefined || type === null || type === '')
    causes.push(required(`${field}.pathType`, 'pathType must be specified'));
  else if (!types.includes(String(type))) causes.push(unsupported(`${field}.pathType`, type, types));
  const value = text(at(path, 'path'));
  if (!value.startsWith('/') && (type !== 'ImplementationSpecific' || value !== '')) {
    causes.push(wrong(`${field}.path`, value, 'must be an absolute path'));
  }
  return [...causes, ...backendCauses(at(path, 'backend'), `${field}.backend`)];
}

function ingressCauses(ingress: KubeObject): Cause[] {
  const spec = record(ingress.spec);
  const rules = array(spec.rules);
  if (rules.length === 0 && spec.defaultBackend === undefined) {
    return [wrong('spec', {}, 'either `defaultBackend` or `rules` must be specified')];
  }
  const causes =
    spec.defaultBackend === undefined ? [] : backendCauses(spec.defaultBackend, 'spec.defaultBackend');
  for (const [i, rule] of rules.entries()) {
    const host = text(at(rule, 'host'));
    if (host !== '' && !SUBDOMAIN.test(host.replace(/^\*\./, '')))
      causes.push(wrong(`spec.rules[${i}].host`, host, SUBDOMAIN_WORDS));
    for (const [j, path] of array(at(rule, 'http', 'paths')).entries()) {
      causes.push(...pathCauses(path, `spec.rules[${i}].http.paths[${j}]`));
    }
  }
  return causes;
}

function podSpecCauses(spec: unknown, field: string): Cause[] {
  const containers = array(at(spec, 'containers'));
  if (containers.length === 0) return [required(`${field}.containers`)];
  return containers.flatMap((container, index) => {
    const causes: Cause[] = [];
    if (text(at(container, 'name')) === '') causes.push(required(`${field}.containers[${index}].name`));
    if (text(at(container, 'image')) === '') causes.push(required(`${field}.containers[${index}].image`));
    return causes;
  });
}

function workloadCauses(object: KubeObject): Cause[] {
  const causes = podSpecCauses(at(object, 'spec', 'template', 'spec'), 'spec.template.spec');
  const wanted = record(at(object, 'spec', 'selector', 'matchLabels'));
  const labels = record(at(object, 'spec', 'template', 'metadata', 'labels'));
  if (at(object, 'spec', 'selector') === undefined) causes.push(required('spec.selector'));
  else if (Object.entries(wanted).some(([key, value]) => labels[key] !== value)) {
    causes.push(
      wrong('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'),
    );
  }
  const replicas = at(object, 'spec', 'replicas');
  if (typeof replicas === 'number' && replicas < 0)
    causes.push(wrong('spec.replicas', replicas, 'must be greater than or equal to 0'));
  return causes;
}

function secretCauses(secret: KubeObject): Cause[] {
  if (secret.type !== 'kubernetes.io/tls') return [];
  const keys = new Set([...Object.keys(record(secret.data)), ...Object.keys(record(secret.stringData))]);
  return ['tls.crt', 'tls.key'].filter((key) => !keys.has(key)).map((key) => required(`data[${key}]`));
}

const BY_KIND: Readonly<Record<string, (object: KubeObject) => Cause[]>> = {
  services: serviceCauses,
  secrets: secretCauses,
  'ingresses.networking.k8s.io': ingressCauses,
  pods: (pod) => podSpecCauses(pod.spec, 'spec'),
  'deployments.apps': workloadCauses,
  'replicasets.apps': workloadCauses,
  'statefulsets.apps': workloadCauses,
  'daemonsets.apps': workloadCauses,
  'ingressclasses.networking.k8s.io': (object) =>
    text(at(object, 'spec', 'controller')) === '' ? [required('spec.controller')] : [],
};

/** What is wrong with an object, field by field. */
export function causesOf(info: ResourceInfo, object: KubeObject): Cause[] {
  const special = BY_KIND[resourceKey(info.group, info.resource)];
  return [
    ...nameCauses(info, object.metadata.name),
    ...labelCauses(object.metadata.labels),
    ...(special?.(object) ?? []),
  ];
}
