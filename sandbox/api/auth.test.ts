import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { array, at } from './json';
import { pod, startTestServer, type TestServer } from './test-server';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const tokens = {
  admin: { name: 'admin', groups: ['system:masters'] },
  bob: { name: 'bob', groups: ['dev'] },
  robot: { name: 'system:serviceaccount:default:robot', groups: [] },
};
let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ auth: { tokens, isRequired: true } });
  server.storage.create('pods', pod('a'));
});
afterEach(() => server.close());

async function grant(rules: unknown[], subject: unknown, namespace?: string): Promise<void> {
  const scope = namespace === undefined ? '' : `/namespaces/${namespace}`;
  const [roles, bindings, kind] =
    namespace === undefined
      ? ['clusterroles', 'clusterrolebindings', 'ClusterRole']
      : ['roles', 'rolebindings', 'Role'];
  const token = 'admin';
  await server.call('POST', `${RBAC}${scope}/${roles}`, { token, body: { metadata: { name: 'r' }, rules } });
  const body = { metadata: { name: 'r' }, roleRef: { kind, name: 'r' }, subjects: [subject] };
  await server.call('POST', `${RBAC}${scope}/${bindings}`, { token, body });
}

describe('authentication', () => {
  it('asks for a token that it knows', async () => {
    expect((await server.call('GET', '/api/v1/pods')).status).toBe(401);
    expect((await server.call('GET', '/api/v1/pods', { token: 'wrong' })).body).toMatchObject({
      kind: 'Status',
      reason: 'Unauthorized',
    });
    expect((await server.call('GET', '/api/v1/pods', { token: 'admin' })).status).toBe(200);
    expect((await server.call('GET', '/healthz')).text).toBe('ok');
  });

  it('lets everybody in as administrator when no token is asked for', async () => {
    const open = await startTestServer();
    expect((await open.call('GET', '/api/v1/pods')).status).toBe(200);
    await open.close();
  });

  it('issues tokens of service accounts, and forgets a rotated one', async () => {
    const body = { metadata: { name: 'robot' } };
    await server.call('POST', '/api/v1/namespaces/default/serviceaccounts', { token: 'admin', body });
    const path = '/api/v1/namespaces/default/serviceaccounts/robot/token';
    const issued = await server.call('POST', path, { token: 'admin', body: { spec: {} } });
    const token = String(at(issued.body, 'status', 'token'));
    expect((await server.call('GET', '/api/v1/pods', { token })).status).toBe(403);
    server.api.authenticator.remove(token);
    expect((await server.call('GET', '/api/v1/pods', { token })).status).toBe(401);
  });
});

describe('authorization', () => {
  it('refuses in the words of a cluster', async () => {
    const { status, body } = await server.call('GET', '/api/v1/pods', { token: 'bob' });
    expect([status, body.reason, body.message]).toEqual([
      403,
      'Forbidden',
      'pods is forbidden: User "bob" cannot list resource "pods" in API group "" at the cluster scope',
    ]);
    const one = await server.call('GET', '/apis/apps/v1/namespaces/default/deployments/web', {
      token: 'bob',
    });
    expect(one.body.message).toBe(
      'deployments.apps "web" is forbidden: User "bob" cannot get resource "deployments" in API group "apps" in the namespace "default"',
    );
  });

  it('follows roles and bindings as they change', async () => {
    await grant([{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }], { kind: 'Group', name: 'dev' });
    expect((await server.call('GET', '/api/v1/pods', { token: 'bob' })).status).toBe(200);
    expect((await server.call('GET', '/api/v1/pods?watch=1', { token: 'bob' })).status).toBe(403);
    await server.call('DELETE', `${RBAC}/clusterrolebindings/r`, { token: 'admin' });
    expect((await server.call('GET', '/api/v1/pods', { token: 'bob' })).status).toBe(403);
  });

  it('keeps a Role inside its namespace, to its names and to its subresources', async () => {
    const rules = [
      { apiGroups: [''], resources: ['pods'], resourceNames: ['a'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
    ];
    await grant(rules, { kind: 'ServiceAccount', name: 'robot', namespace: 'default' }, 'default');
    const status = async (path: string): Promise<number> =>
      (await server.call('GET', path, { token: 'robot' })).status;
    expect(await status('/api/v1/namespaces/default/pods/a')).toBe(200);
    expect(await status('/api/v1/namespaces/default/pods/b')).toBe(403);
    expect(await status('/api/v1/namespaces/default/pods/a/log')).toBe(200);
    expect(await status('/api/v1/namespaces/default/pods')).toBe(403);
    expect(await status('/api/v1/namespaces/kube-system/pods/a')).toBe(403);
  });

  it('lets an administrator act as somebody else, and nobody else', async () => {
    const headers = { 'Impersonate-User': 'bob' };
    expect((await server.call('GET', '/api/v1/pods', { token: 'admin', headers })).status).toBe(403);
    const body = (await server.call('GET', '/api/v1/pods', { token: 'robot', headers })).body;
    expect(body.message).toContain('cannot impersonate resource "users"');
  });
});

describe('reviews', () => {
  const review = async (kind: string, spec: unknown, token = 'bob'): Promise<Record<string, unknown>> => {
    const group = kind === 'TokenReview' ? 'authentication.k8s.io' : 'authorization.k8s.io';
    const path = `/apis/${group}/v1/${kind.toLowerCase()}s`;
    return (await server.call('POST', path, { token, body: { kind, spec } })).body;
  };

  it('answer what one may, what another may, and whose a token is', async () => {
    await grant([{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }], { kind: 'User', name: 'bob' });
    const resourceAttributes = { verb: 'list', resource: 'pods' };
    const own = await review('SelfSubjectAccessReview', { resourceAttributes });
    expect(at(own, 'status', 'allowed')).toBe(true);
    const other = await review('SubjectAccessReview', { user: 'eve', resourceAttributes }, 'admin');
    expect(at(other, 'status', 'allowed')).toBe(false);
    const rules = await review('SelfSubjectRulesReview', { namespace: 'default' });
    expect(array(at(rules, 'status', 'resourceRules'))).toContainEqual({
      apiGroups: [''],
      resources: ['pods'],
      verbs: ['list'],
    });
    const token = await review('TokenReview', { token: 'bob' }, 'admin');
    expect(at(token, 'status', 'user', 'username')).toBe('bob');
    expect(server.storage.list('tokenreviews.authentication.k8s.io')).toEqual([]);
  });

  it('of others need permission', async () => {
    expect((await review('SubjectAccessReview', { user: 'eve' })).reason).toBe('Forbidden');
  });
});
