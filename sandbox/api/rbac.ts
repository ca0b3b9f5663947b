// The RBAC authorizer: roles and bindings as they are in the storage.
import type { User } from './auth';
import { array, at, isRecord, text } from './json';
import type { Storage } from './storage';
import type { KubeObject } from './types';

/** One question: may this user do that? */
export type Attributes = {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
  /** A path instead of a resource. */
  path?: string;
};

const SUFFIX = 'rbac.authorization.k8s.io';

function hasSubject(binding: KubeObject, user: User): boolean {
  return array(binding.subjects).some((subject) => {
    const name = text(at(subject, 'name'));
    switch (at(subject, 'kind')) {
      case 'User':
        return name === user.name;
      case 'Group':
        return user.groups.includes(name);
      case 'ServiceAccount': {
        const namespace = text(at(subject, 'namespace'), binding.metadata.namespace);
        return user.name === `system:serviceaccount:${namespace}:${name}`;
      }
      default:
        return false;
    }
  });
}

function includes(values: unknown, wanted: string): boolean {
  const list = array(values);
  return list.includes('*') || list.includes(wanted);
}

function coversResource(rule: unknown, attributes: Attributes): boolean {
  const resources = array(at(rule, 'resources'));
  if (resources.includes('*')) return true;
  const { resource, subresource } = attributes;
  if (subresource === undefined) return resources.includes(resource);
  return resources.includes(`${resource}/${subresource}`) || resources.includes(`*/${subresource}`);
}

function coversPath(rule: unknown, path: string): boolean {
  return array(at(rule, 'nonResourceURLs')).some((value) => {
    const url = text(value);
    return url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : url === path;
  });
}

/** Whether one rule allows what is asked. */
export function allows(rule: unknown, attributes: Attributes): boolean {
  if (!isRecord(rule) || !includes(rule.verbs, attributes.verb)) return false;
  if (attributes.path !== undefined) return coversPath(rule, attributes.path);
  if (!includes(rule.apiGroups, attributes.group) || !coversResource(rule, attributes)) return false;
  const names = array(rule.resourceNames);
  return names.length === 0 || (attributes.name !== undefined && names.includes(attributes.name));
}

/** Answers from the Role and binding objects of a storage. */
export class Authorizer {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Every rule that holds for a user in a namespace (or at cluster scope). */
  rules(user: User, namespace?: string): unknown[] {
    const rules: unknown[] = [];
    for (const binding of this.#storage.list(`clusterrolebindings.${SUFFIX}`)) {
      if (hasSubject(binding, user)) rules.push(...this.#rulesOf(binding));
    }
    if (namespace === undefined || namespace === '') return rules;
    for (const binding of this.#storage.list(`rolebindings.${SUFFIX}`, namespace)) {
      if (hasSubject(binding, user)) rules.push(...this.#rulesOf(binding));
    }
    return rules;
  }

  /** Whether the user may; members of system:masters may everything. */
  isAllowed(user: User, attributes: Attributes): boolean {
    if (user.groups.includes('system:masters')) return true;
    return this.rules(user, attributes.namespace).some((rule) => allows(rule, attributes));
  }

  #rulesOf(binding: KubeObject): readonly unknown[] {
    const name = text(at(binding, 'roleRef', 'name'));
    const role =
      at(binding, 'roleRef', 'kind') === 'Role'
        ? this.#storage.get(`roles.${SUFFIX}`, binding.metadata.namespace, name)
        : this.#storage.get(`clusterroles.${SUFFIX}`, undefined, name);
    return [...array(role?.rules), ...(role?.aggregationRule === undefined ? [] : this.#aggregated(role))];
  }

  /** Rules that a ClusterRole gathers from others by their labels. */
  #aggregated(role: KubeObject): unknown[] {
    const selectors = array(at(role, 'aggregationRule', 'clusterRoleSelectors')).map((selector) =>
      at(selector, 'matchLabels'),
    );
    const isSelected = (other: KubeObject): boolean =>
      selectors.some(
        (labels) =>
          isRecord(labels) &&
          Object.entries(labels).every(([key, value]) => other.metadata.labels?.[key] === value),
      );
    return this.#storage
      .list(`clusterroles.${SUFFIX}`)
      .filter(isSelected)
      .flatMap((other) => array(other.rules));
  }
}

/** The API server's words for a refusal. */
export function refusal(user: User, attributes: Attributes): string {
  const { verb, group, resource, subresource, namespace, name, path } = attributes;
  if (path !== undefined) return `forbidden: User "${user.name}" cannot ${verb} path "${path}"`;
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const what = group === '' ? resource : `${resource}.${group}`;
  const object = name === undefined ? `${what} is forbidden` : `${what} "${name}" is forbidden`;
  const where =
    namespace === undefined || namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return `${object}: User "${user.name}" cannot ${verb} resource "${full}" in API group "${group}" ${where}`;
}
