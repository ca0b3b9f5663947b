/** What a ServiceAccount may do by RBAC: every binding that names it or one of its groups, with the grants of its role. */
import type { PolicyGrant } from '@/lib/kube/access-objects';
import { objectKey, type Ref, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { splitMember } from '@/lib/state/store';
import { subjectKey } from './indexes';
import { known, members, object } from './reads';

/** One binding that reaches a ServiceAccount. */
export interface Bound {
  readonly binding: Ref;
  readonly role: Ref;
  /** Namespace in which it holds; null: the whole cluster. */
  readonly scope: string | null;
  /** As the binding names it: the account itself, or a group that it belongs to. */
  readonly via: string;
  /** Empty too where the role does not exist. */
  readonly grants: readonly PolicyGrant[];
}

/** The names under which bindings reach a ServiceAccount (kubernetes.io "Authenticating", Service account tokens). */
function identities(namespace: string, name: string): readonly string[] {
  return [
    subjectKey('ServiceAccount', namespace, name),
    subjectKey('User', '', `system:serviceaccount:${namespace}:${name}`),
    subjectKey('Group', '', 'system:serviceaccounts'),
    subjectKey('Group', '', `system:serviceaccounts:${namespace}`),
    subjectKey('Group', '', 'system:authenticated'),
  ];
}

/** Every binding of the ServiceAccount with key `NS/NAME`. Grants of aggregated ClusterRoles are filled in by the control plane. */
export const boundTo: Query<readonly Bound[]> = {
  name: 'bound-to',
  level: 1,
  compute: (read, key) => {
    const { namespace, name } = splitKey(key);
    return identities(namespace, name).flatMap((subject) =>
      members(read, 'bindings-of-subject', subject).flatMap((member) => boundBy(read, member, subject)),
    );
  },
};

function boundBy(read: Reader, member: string, subject: string): readonly Bound[] {
  const { kind, key } = splitMember(member);
  if (kind !== 'rolebindings' && kind !== 'clusterrolebindings') return [];
  const binding = object(read, kind, key);
  if (!binding) return [];
  const { namespace, name, uid, role } = binding;
  const wide = role.kind === 'ClusterRole';
  const home = wide ? '' : namespace;
  const found = object(read, wide ? 'clusterroles' : 'roles', objectKey(home, role.name));
  return [
    {
      binding: refOf(kind, namespace, name, uid),
      role: refOf(wide ? 'clusterroles' : 'roles', home, role.name, found?.uid),
      scope: kind === 'rolebindings' ? namespace : null,
      via: subject.trim().replace(' /', ' '),
      grants: found?.grants ?? [],
    },
  ];
}

/** Why what is not granted cannot be said; null when it can: all of RBAC is read, and RBAC is what decides here. */
export function accessDoubt(read: Reader): string | null {
  for (const resource of ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'] as const) {
    const seen = known(read, resource);
    if (!seen.known) return seen.reason;
  }
  // The API server makes this role at its start wherever it uses RBAC.
  return object(read, 'clusterroles', objectKey('', 'cluster-admin'))
    ? null
    : 'RBAC does not seem to be in use';
}

function includes(list: readonly string[], wanted: string): boolean {
  return list.includes('*') || list.includes(wanted);
}

/** Whether a grant covers a verb on a resource (`ingresses/status` for a subresource) of an API group. */
export function grants(grant: PolicyGrant, verb: string, group: string, resource: string): boolean {
  const [, sub] = resource.split('/');
  return (
    includes(grant.verbs, verb) &&
    includes(grant.groups, group) &&
    (includes(grant.resources, resource) || (sub !== undefined && grant.resources.includes(`*/${sub}`)))
  );
}

/** A right that somebody needs or has. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
}

/**
 * Whether some binding grants a right in a namespace (null: in all of them). Grants that are limited to names count: whether
 * those are the names that matter is not judged.
 */
export function hasRight(
  bound: readonly Bound[],
  { verb, group, resource }: Right,
  namespace: string | null,
): boolean {
  return bound.some(
    ({ scope, grants: all }) =>
      (scope === null || scope === namespace) && all.some((grant) => grants(grant, verb, group, resource)),
  );
}
