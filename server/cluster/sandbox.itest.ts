import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KindName } from '@/lib/kube/objects';
import { Interner } from '@/lib/kube/project/interner';
import { project } from '@/lib/kube/project/project';
import { list, record } from '@/lib/kube/project/raw';
import { objectKey } from '@/lib/kube/refs';
import { RESOURCES } from '@/lib/kube/resources';
import { openAccess } from './access';
import { type ClusterWatch, startClusterWatch } from './cluster-watch';
import { collectionPath } from './reflector-options';
import { QUICK, Receiver, until } from './testing/harness';
import { type SandboxProcess, startSandboxProcess } from './testing/sandbox-process';

const SEEN: readonly (string | undefined)[] = ['watched', 'absent', 'on-demand'];

const COMPARED: readonly Exclude<KindName, 'secrets'>[] = [
  'pods',
  'services',
  'endpointslices',
  'ingresses',
  'deployments',
];
const FAULTS = ['cut', 'gone', 'truncate', 'invalid'] as const;
const SERVICES = '/api/v1/namespaces/chaos/services';

let sandbox: SandboxProcess;
let watch: ClusterWatch;
let receiver: Receiver;

const call = async (method: string, path: string, body?: unknown): Promise<number> => {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return response.status;
};
const fault = (input: object): Promise<number> => call('POST', '/sandbox/faults', input);
const service = (name: string, port: number) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'chaos' },
  spec: { selector: { app: name }, ports: [{ port }] },
});

/** What a fresh list of the cluster says, projected. */
async function truth(): Promise<Map<string, unknown>> {
  const objects = new Map<string, unknown>();
  for (const resource of RESOURCES) {
    const kind = COMPARED.find((one) => one === resource.id);
    if (kind === undefined) continue;
    const body: unknown = await (await fetch(`${sandbox.url}${collectionPath(resource, '')}`)).json();
    for (const raw of list(record(body).items)) {
      const object = project(kind, raw, new Interner());
      if (object !== null) objects.set(`${kind} ${objectKey(object.namespace, object.name)}`, object);
    }
  }
  return objects;
}

const seen = (): Map<string, unknown> =>
  new Map([...receiver.objects].filter(([key]) => COMPARED.some((kind) => key.startsWith(`${kind} `))));

const sorted = (objects: Map<string, unknown>): string =>
  JSON.stringify([...objects].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Until what we were told is what there is. */
async function untilEqual(): Promise<void> {
  const end = Date.now() + 20_000;
  while (sorted(await truth()) !== sorted(seen())) {
    if (Date.now() > end) expect(seen()).toEqual(await truth());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function begin(timing = QUICK): void {
  receiver = new Receiver();
  watch = startClusterWatch({
    config: { namespaces: [], secrets: 'watch' },
    kube: openAccess({ kubeconfig: sandbox.kubeconfig, env: {} }),
    onChange: receiver.onChange,
    onConnection: receiver.onConnection,
    timing,
  });
}

beforeAll(async () => {
  sandbox = await startSandboxProcess(['--scenario', 'online-store']);
  await call('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'chaos' },
  });
});
afterEach(async () => {
  await watch.stop();
  await call('DELETE', '/sandbox/faults');
});
afterAll(() => sandbox.stop());

describe('a cluster met through its kubeconfig', () => {
  it('is ready with all its objects, every resource watched or absent', async () => {
    begin();
    await watch.ready;
    await untilEqual();
    await until(() => RESOURCES.every(({ id }) => SEEN.includes(receiver.state(id))));
    expect(receiver.state('scaledobjects')).toBe('absent');
    expect(receiver.connection).toBe('live');
    expect(receiver.keys('pods').length).toBeGreaterThan(0);
  });

  it('shows a Secret of the cluster without its values', async () => {
    begin();
    await watch.ready;
    const address = { group: '', version: 'v1', resource: 'secrets', namespace: 'chaos', name: 'canary' };
    await call('POST', '/api/v1/namespaces/chaos/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'canary', namespace: 'chaos' },
      stringData: { password: 'CANARY-5up3r' },
    });
    await until(() => receiver.keys('secrets').includes('chaos/canary'));
    const { status, body } = await watch.fetchObject(address);
    expect(status).toBe(200);
    for (const text of [JSON.stringify(body), JSON.stringify(receiver.batches)]) {
      expect(text).not.toContain('CANARY');
      expect(text).not.toContain(Buffer.from('CANARY-5up3r').toString('base64'));
    }
  });
});

describe('a cluster that misbehaves', () => {
  it.each([
    ['cut', { action: 'cut' }],
    ['gone', { action: 'gone' }],
    ['truncated', { action: 'truncate' }],
    ['invalid', { action: 'invalid' }],
    ['failing with 500', { action: 'status', code: 500, times: 6 }],
    ['overloaded with 429', { action: 'status', code: 429, retryAfter: 1, times: 2 }],
    ['stalled', { action: 'stall', forMs: 2_500 }],
    ['slow', { action: 'slow', ms: 300, times: 10 }],
  ])('when services are %s still tells everything in the end', async (name, input) => {
    begin();
    await watch.ready;
    await until(() => receiver.state('services') === 'watched');
    await fault({ match: { resource: 'services', verb: 'watch' }, ...input });
    if (name !== 'cut') await fault({ match: { resource: 'services', verb: 'watch' }, action: 'cut' });
    expect(await call('POST', SERVICES, service(`after-${name.replaceAll(' ', '-')}`, 80))).toBe(201);
    await untilEqual();
    await until(() => receiver.state('services') === 'watched');
  });

  it('equals a fresh list after any sequence of changes and faults (seed 20261123)', async () => {
    const random = seeded(20_261_123);
    begin({ ...QUICK, watchIdle: 700 });
    for (let i = 0; i < 250; i += 1) {
      await step(random);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await call('DELETE', '/sandbox/faults');
    await watch.ready;
    await untilEqual();
    await until(() => RESOURCES.every(({ id }) => SEEN.includes(receiver.state(id))));
    const { handlerErrors, resources } = watch.stats();
    expect(handlerErrors).toBe(0);
    expect(Object.values(resources).reduce((sum, { errors }) => sum + errors, 0)).toBeGreaterThan(20);
  });
});

function seeded(from: number): (most: number) => number {
  let seed = from;
  return (most) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * most);
  };
}

/** One random change of the cluster, or one random fault. */
async function step(random: (most: number) => number): Promise<void> {
  const path = `${SERVICES}/s-${random(12)}`;
  const action = random(10);
  if (action < 4) await call('POST', SERVICES, service(path.slice(SERVICES.length + 1), 1 + random(1000)));
  else if (action < 6) await call('PATCH', path, { metadata: { labels: { n: String(random(99)) } } });
  else if (action < 8) await call('DELETE', path);
  else {
    const match = { verb: random(2) === 0 ? 'watch' : 'list' };
    await fault({ match, action: FAULTS[random(FAULTS.length)], times: 1 + random(3) });
  }
}
