import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressProblem } from './fetch-object';
import { FakeApi, sendStatus } from './testing/fake-api';
import { type Started, start } from './testing/harness';

const CANARY = 'CANARY-5up3r';
const metadata = (name: string) => ({
  name,
  namespace: 'shop',
  annotations: { 'kubectl.kubernetes.io/last-applied-configuration': CANARY, note: 'x' },
  managedFields: [
    {
      manager: 'helm',
      operation: 'Update',
      time: '2026-01-01T00:00:00Z',
      apiVersion: 'v1',
      fieldsV1: { f: CANARY },
    },
  ],
});
const at = (resource: string, name: string, group = '') => ({
  group,
  version: 'v1',
  resource,
  namespace: 'shop',
  name,
});

let api: FakeApi;
let running: Started;
beforeEach(async () => {
  api = await new FakeApi().start();
  running = start(api.url, [], { config: { namespaces: ['shop'], secrets: 'get' } });
});
afterEach(async () => {
  await running.watch.stop();
  await api.stop();
});

describe('an object fetched now', () => {
  it('comes without the credentials of templates, probes, scripts and URLs', async () => {
    const probe = (name: string, value: string) => ({
      httpGet: { port: 80, httpHeaders: [{ name, value }] },
    });
    api.put('/apis/apps/v1/deployments', {
      kind: 'Deployment',
      metadata: {
        name: 'web',
        namespace: 'shop',
        annotations: { 'x/auth-url': `https://u:${CANARY}@auth/` },
      },
      spec: {
        template: {
          metadata: metadata('template'),
          spec: {
            containers: [
              {
                name: 'c',
                command: ['sh', '-c', `curl -H "Authorization: Bearer ${CANARY}" http://u:${CANARY}@x`],
                livenessProbe: probe('Authorization', `Bearer ${CANARY}`),
                readinessProbe: probe('Host', 'shop.example.com'),
              },
            ],
          },
        },
      },
    });
    const { body } = await running.watch.fetchObject(at('deployments', 'web', 'apps'));
    expect(JSON.stringify(body)).not.toContain(CANARY);
    expect(JSON.stringify(body)).toContain('shop.example.com');
  });

  it('comes with managers but without the bodies of managed fields and without its applied copy', async () => {
    api.put('/apis/apps/v1/deployments', {
      kind: 'Deployment',
      metadata: metadata('web'),
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'c',
                env: [
                  { name: 'DB_PASSWORD', value: CANARY },
                  { name: 'LOG', value: 'debug' },
                ],
                args: [`--token=${CANARY}`, '-v=2'],
              },
            ],
          },
        },
      },
    });
    const { status, body } = await running.watch.fetchObject(at('deployments', 'web', 'apps'));
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toContain(CANARY);
    expect(body).toMatchObject({
      metadata: {
        annotations: { note: 'x' },
        managedFields: [{ manager: 'helm', operation: 'Update', time: '2026-01-01T00:00:00Z' }],
      },
      spec: {
        template: {
          spec: {
            containers: [
              {
                env: [
                  { name: 'DB_PASSWORD', value: '‹redacted›' },
                  { name: 'LOG', value: 'debug' },
                ],
                args: ['--token=‹redacted›', '-v=2'],
              },
            ],
          },
        },
      },
    });
  });

  it('that is a Secret shows key names only', async () => {
    api.put('/api/v1/secrets', {
      kind: 'Secret',
      type: 'Opaque',
      metadata: { ...metadata('s'), annotations: { tool: CANARY } },
      data: { password: CANARY },
      stringData: { other: CANARY },
    });
    const { body } = await running.watch.fetchObject(at('secrets', 's'));
    expect(body).toMatchObject({
      type: 'Opaque',
      data: { password: '‹redacted›' },
      stringData: { other: '‹redacted›' },
    });
    expect(JSON.stringify(body)).not.toContain(CANARY);
  });

  it('carries the status of the API server when there is none', async () => {
    expect(await running.watch.fetchObject(at('pods', 'gone'))).toMatchObject({
      status: 404,
      body: null,
      reason: '404: not found',
    });
    for (const [code, expected] of [
      [403, 403],
      [401, 502],
      [500, 500],
    ] as const) {
      api.intercept = (_, response) => {
        sendStatus(response, code, 'no');
        return true;
      };
      expect((await running.watch.fetchObject(at('pods', 'x'))).status).toBe(expected);
    }
  });

  it('outside the allowed namespaces is refused without a request', async () => {
    const before = api.requests.length;
    expect((await running.watch.fetchObject({ ...at('pods', 'x'), namespace: 'kube-system' })).status).toBe(
      403,
    );
    expect(api.requests.length).toBe(before);
  });

  it('with ATLAS_SECRETS=off is never a Secret', async () => {
    await running.watch.stop();
    running = start(api.url, [], { config: { namespaces: [], secrets: 'off' } });
    expect(await running.watch.fetchObject(at('secrets', 's'))).toMatchObject({
      status: 403,
      reason: 'ATLAS_SECRETS=off',
    });
  });
});

describe('addresses', () => {
  const good = { group: '', version: 'v1', resource: 'pods', namespace: 'shop', name: 'web-0' };

  it('of ordinary objects are fine', () => {
    expect(addressProblem(good)).toBe('');
    expect(
      addressProblem({
        ...good,
        group: 'networking.k8s.io',
        version: 'v1beta1',
        namespace: '',
        name: 'system:node:a.b',
      }),
    ).toBe('');
  });

  it.each([
    ['group', '../v1'],
    ['group', 'a/b'],
    ['version', 'v1/../..'],
    ['version', ''],
    ['resource', 'pods/log'],
    ['resource', 'Secrets'],
    ['resource', 'secrets?'],
    ['namespace', 'shop/pods/x'],
    ['namespace', '..'],
    ['name', ''],
    ['name', '..'],
    ['name', '.'],
    ['name', 'x/log'],
    ['name', 'x%2flog'],
    ['name', 'x?watch=1'],
    ['name', 'x#'],
    ['name', 'a b'],
    ['name', 'a\u0000b'],
    ['name', 'a\\b'],
    ['name', 'x'.repeat(254)],
  ])('with the %s %j are refused', (field, value) => {
    expect(addressProblem({ ...good, [field]: value })).not.toBe('');
  });
});
