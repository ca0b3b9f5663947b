import type { PolicyGrant, Role, RoleBinding, ServiceAccount } from '@/lib/kube/access-objects';
import type { Interner } from './interner';
import { meta } from './meta';
import { list, type Raw, record, text, texts } from './raw';

function grant(entry: unknown): PolicyGrant {
  const raw = record(entry);
  return {
    verbs: texts(raw.verbs),
    // The core group is the empty text, which `texts` would leave out.
    groups: list(raw.apiGroups).map(text),
    resources: texts(raw.resources),
    names: texts(raw.resourceNames),
  };
}

/** A Role or ClusterRole. */
export function projectRole(raw: Raw, interner: Interner): Role | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  return { ...common, grants: interner.value('grants', list(raw.rules).map(grant)) };
}

/** A RoleBinding or ClusterRoleBinding. */
export function projectRoleBinding(raw: Raw, interner: Interner): RoleBinding | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const role = record(raw.roleRef);
  return {
    ...common,
    role: { kind: text(role.kind), name: text(role.name) },
    subjects: list(raw.subjects).map((entry) => {
      const subject = record(entry);
      return { kind: text(subject.kind), namespace: text(subject.namespace), name: text(subject.name) };
    }),
  };
}

/** A ServiceAccount: that it exists. */
export function projectServiceAccount(raw: Raw, interner: Interner): ServiceAccount | null {
  return meta(raw, interner);
}
