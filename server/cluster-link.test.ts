import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { ClusterInfo } from '@/lib/topology/model';
import { ClusterLink } from './cluster-link';
import { loadConfig } from './config';

const folder = mkdtempSync(join(tmpdir(), 'atlas-link-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('without a kubeconfig it says so, once, and heals when one appears', async () => {
  const path = join(folder, 'config');
  const told: ClusterInfo[] = [];
  const link = new ClusterLink({
    config: loadConfig({ KUBECONFIG: path, ATLAS_DNS: 'off' }),
    context: '',
    onChange: () => undefined,
    onCluster: (cluster) => told.push(cluster),
    onReady: () => undefined,
    onError: (error) => expect(error).toBeNull(),
  });
  expect(link.info).toMatchObject({ id: 'default', connection: 'connecting' });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  link.start();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ connection: 'unreachable', reason: expect.stringContaining(path) });
  expect(link.fetchObject).toBeNull();
  writeFileSync(
    path,
    `{apiVersion: v1, kind: Config, current-context: here,
      contexts: [{name: here, context: {cluster: c, user: u}}], users: [{name: u, user: {token: t}}],
      clusters: [{name: c, cluster: {server: "http://127.0.0.1:9"}}]}`,
  );
  await vi.advanceTimersByTimeAsync(3000);
  vi.useRealTimers();
  expect(told.at(-1)).toMatchObject({ id: 'here', name: 'here' });
  expect(link.fetchObject).not.toBeNull();
  await vi.waitFor(() => expect(told.at(-1)?.connection).toBe('unreachable'), 5000);
  await link.stop();
});
