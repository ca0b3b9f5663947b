import type { KindName } from './objects';
import { resourceOf } from './resources';

export interface RbacWish {
  readonly resource: KindName;
  /** Namespaces that the dashboard is limited to; empty: the whole cluster. */
  readonly namespaces: readonly string[];
  /** `get` only, as for Secrets asked for by name (ConfigMaps always are); else `get`, `list` and `watch`. */
  readonly byName?: boolean;
}

/** YAML of a Role or ClusterRole whose rule lets the dashboard read this resource; bind it to its service account. */
export function rbacFix({ resource, namespaces, byName = false }: RbacWish): string {
  const { group, resource: plural, namespaced } = resourceOf(resource);
  const verbs = byName || resource === 'configmaps' ? 'get' : 'get, list, watch';
  const rule = ['rules:', `- apiGroups: ["${group}"]`, `  resources: ["${plural}"]`, `  verbs: [${verbs}]`];
  const role = (kind: string, namespace: string): string =>
    [
      'apiVersion: rbac.authorization.k8s.io/v1',
      `kind: ${kind}`,
      'metadata:',
      `  name: ingress-atlas-${resource}`,
      ...(namespace === '' ? [] : [`  namespace: ${JSON.stringify(namespace)}`]),
      ...rule,
    ].join('\n');
  if (!namespaced || namespaces.length === 0) return `${role('ClusterRole', '')}\n`;
  return `${namespaces.map((namespace) => role('Role', namespace)).join('\n---\n')}\n`;
}
