import { afterAll, beforeAll, expect, it } from 'vitest';
import { openAccess } from './access';
import { systemClock } from './clock';
import { type ClusterWatch, startClusterWatch } from './cluster-watch';
import { Receiver, until } from './testing/harness';
import { type SandboxProcess, startSandboxProcess } from './testing/sandbox-process';

const SERVICES = '/api/v1/namespaces/shop/services';

let sandbox: SandboxProcess;
let watch: ClusterWatch;
let receiver: Receiver;
let slept = 0;

const create = async (name: string): Promise<void> => {
  const response = await fetch(`${sandbox.url}${SERVICES}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop' },
      spec: { ports: [{ port: 80 }] },
    }),
  });
  expect(response.status).toBe(201);
};
const has = (name: string) => receiver.keys('services').includes(`shop/${name}`);

beforeAll(async () => {
  sandbox = await startSandboxProcess(['--scenario', 'online-store']);
  receiver = new Receiver();
  watch = startClusterWatch({
    config: { namespaces: [], secrets: 'off' },
    kube: openAccess({ kubeconfig: sandbox.kubeconfig, env: {} }),
    onChange: receiver.onChange,
    onConnection: receiver.onConnection,
    clock: { ...systemClock, uptime: () => performance.now() + slept },
    timing: { heartbeatAfter: 400, heartbeatWithin: 800, backoffFirst: 50, backoffMost: 200 },
  });
  await watch.ready;
}, 60_000);
afterAll(async () => {
  await watch.stop();
  await sandbox.stop();
});

it('a server that stops with all its lines open is stale, and is followed again when it goes on', async () => {
  await until(() => receiver.connection === 'live');
  sandbox.freeze(true);
  await until(() => receiver.connection === 'stale');
  expect(receiver.keys('services').length).toBeGreaterThan(3);
  sandbox.freeze(false);
  await until(() => receiver.connection === 'live');
  await create('after-the-freeze');
  await until(() => has('after-the-freeze'));
});

it('a night asleep costs one round of new watches: nothing is listed again, nothing is missed', async () => {
  const lists = () => watch.stats().resources.services?.lists ?? 0;
  const reconnects = () => watch.stats().resources.services?.reconnects ?? 0;
  const [listed, connected] = [lists(), reconnects()];
  slept += 9 * 3_600_000;
  await until(() => reconnects() > connected);
  await create('in-the-morning');
  await until(() => has('in-the-morning'));
  expect(lists()).toBe(listed);
  expect(receiver.connection).toBe('live');
});
