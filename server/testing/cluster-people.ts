/* People of a sandbox cluster, with tokens and RBAC. */
import type { Sandbox } from '@/sandbox/start';
import { type Call, caller } from './cluster-changes';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const API_VERSION = 'rbac.authorization.k8s.io/v1';
const RULES = [
  { apiGroups: [''], resources: ['services', 'pods'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: ['get', 'list', 'watch'] },
];

export const ADMIN_TOKEN = 'token-of-an-admin';
/** Of somebody who may look at namespace `shop` only. */
export const TENANT_TOKEN = 'token-of-a-tenant';

/** The group that sees everything. */
export const ADMINS = 'admins';

/** The group that sees a namespace, where {@link letSee} has let it. */
export function sees(namespace: string): string {
  return `sees-${namespace}`;
}

/** Makes them known: `admin` sees all by group `admins`, `tenant` one namespace. */
export async function addPeople({ api, url }: Sandbox): Promise<void> {
  api.authenticator.add(ADMIN_TOKEN, { name: 'admin@example.com', groups: [ADMINS] });
  api.authenticator.add(TENANT_TOKEN, { name: 'tenant@example.com', groups: ['tenants'] });
  const call = caller(url);
  await letSeeAll(url, ADMINS);
  await bind(call, 'shop', 'tenants');
}

/** Lets a group see everything. */
export async function letSeeAll(url: string, group: string): Promise<void> {
  await letSee(url, []);
  await caller(url)('POST', `${RBAC}/clusterrolebindings`, {
    apiVersion: API_VERSION,
    kind: 'ClusterRoleBinding',
    metadata: { name: group },
    ...binding(group),
  });
}

/** Lets the group {@link sees} of each of these namespaces see it. */
export async function letSee(url: string, namespaces: readonly string[]): Promise<void> {
  const call = caller(url);
  await call('POST', `${RBAC}/clusterroles`, {
    apiVersion: API_VERSION,
    kind: 'ClusterRole',
    metadata: { name: ROLE },
    rules: RULES,
  });
  for (const namespace of namespaces) await bind(call, namespace, sees(namespace));
}

/** Lets the group {@link sees} of each of these namespaces get every object in it, as a role like `edit` does. */
export async function letGet(url: string, namespaces: readonly string[]): Promise<void> {
  const call = caller(url);
  const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['get'] }];
  const metadata = { name: GETS };
  await call('POST', `${RBAC}/clusterroles`, {
    apiVersion: API_VERSION,
    kind: 'ClusterRole',
    metadata,
    rules,
  });
  for (const namespace of namespaces) await bind(call, namespace, sees(namespace), GETS);
}

const ROLE = 'looks';
const GETS = 'gets';

async function bind(call: Call, namespace: string, group: string, role = ROLE): Promise<void> {
  const status = await call('POST', `${RBAC}/namespaces/${namespace}/rolebindings`, {
    apiVersion: API_VERSION,
    kind: 'RoleBinding',
    metadata: { name: role === ROLE ? group : `${group}-${role}`, namespace },
    ...binding(group, role),
  });
  if (status !== 201) throw new Error(`${group} could not be bound in ${namespace}: ${status}`);
}

function binding(group: string, name = ROLE) {
  const apiGroup = 'rbac.authorization.k8s.io';
  return {
    roleRef: { apiGroup, kind: 'ClusterRole', name },
    subjects: [{ apiGroup, kind: 'Group', name: group }],
  };
}

/** Takes from the admin what he may see. */
export async function dismissAdmin({ url }: Sandbox): Promise<void> {
  await caller(url)('DELETE', `${RBAC}/clusterrolebindings/admins`);
}
