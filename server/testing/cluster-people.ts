/* People of a sandbox cluster, with tokens and RBAC. */
import type { Sandbox } from '@/sandbox/start';
import { caller } from './cluster-changes';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const API_VERSION = 'rbac.authorization.k8s.io/v1';
const RULES = [
  { apiGroups: [''], resources: ['services', 'pods'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: ['get', 'list', 'watch'] },
];

export const ADMIN_TOKEN = 'token-of-an-admin';
/** Of somebody who may look at namespace `shop` only. */
export const TENANT_TOKEN = 'token-of-a-tenant';

/** Makes them known: `admin` sees all by group `admins`, `tenant` one namespace. */
export async function addPeople({ api, url }: Sandbox): Promise<void> {
  api.authenticator.add(ADMIN_TOKEN, { name: 'admin@example.com', groups: ['admins'] });
  api.authenticator.add(TENANT_TOKEN, { name: 'tenant@example.com', groups: ['tenants'] });
  const call = caller(url);
  const metadata = { name: 'looks' };
  await call('POST', `${RBAC}/clusterroles`, {
    apiVersion: API_VERSION,
    kind: 'ClusterRole',
    metadata,
    rules: RULES,
  });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'looks' };
  const subjects = (kind: string, name: string) => [{ apiGroup: 'rbac.authorization.k8s.io', kind, name }];
  await call('POST', `${RBAC}/clusterrolebindings`, {
    apiVersion: API_VERSION,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'admins' },
    roleRef,
    subjects: subjects('Group', 'admins'),
  });
  await call('POST', `${RBAC}/namespaces/shop/rolebindings`, {
    apiVersion: API_VERSION,
    kind: 'RoleBinding',
    metadata: { name: 'tenants', namespace: 'shop' },
    roleRef,
    subjects: subjects('Group', 'tenants'),
  });
}

/** Takes from the admin what he may see. */
export async function dismissAdmin({ url }: Sandbox): Promise<void> {
  await caller(url)('DELETE', `${RBAC}/clusterrolebindings/admins`);
}
