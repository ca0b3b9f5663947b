import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { startSandbox } from '@/sandbox/start';
import { Dashboard } from './support/dashboard';
import { badge, banner, card, cardIn, problem, rail } from './support/page';
import { expect, test } from './support/test';

const TIME = /\d{2}:\d{2}:\d{2}/;

/** A mark that a reload would wipe away. */
async function mark(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => Object.assign(window, { unreloaded: true }));
  return () => page.evaluate(() => 'unreloaded' in window);
}

test('the page says that the dashboard is gone, and heals without a reload when it is back', async ({
  page,
  atlas,
}) => {
  const { dashboard, kube, url } = await atlas({ scenario: 'online-store' });
  await page.goto(url);
  await expect(badge(page)).toHaveText('live');
  const unreloaded = await mark(page);

  await dashboard.kill();
  await expect(badge(page)).toHaveText('reconnecting');
  await expect(card(page, 'host:www.my-online-store.com')).toBeVisible();
  await expect(banner(page)).toContainText(/line to the dashboard is down since \d{2}:\d{2}/);
  await kube.scale('shop', 'wear', 0);
  await dashboard.start();

  await expect(badge(page)).toHaveText('live', { timeout: 20_000 });
  await expect(banner(page)).toBeHidden();
  await expect(problem(page, /wear.* → 503/)).toBeVisible();
  await kube.scale('shop', 'wear', 3);
  await expect(rail(page)).toContainText('No fault found');
  expect(await unreloaded()).toBe(true);
});

test('a cluster that stops answering leaves the last picture with its time, and heals', async ({
  page,
  atlas,
}) => {
  const world = await atlas({ scenario: 'online-store' });
  await page.goto(world.url);
  await expect(badge(page)).toHaveText('live');
  const bringBack = await world.cutOff();

  await expect(badge(page)).toHaveText(/^stale since \d{2}:\d{2}/, { timeout: 20_000 });
  await expect(banner(page)).toContainText(TIME);
  await expect(banner(page)).toContainText('how it was then');
  await expect(cardIn(page, 'host:www.my-online-store.com', 'ok')).toBeVisible();
  await world.kube.scale('shop', 'wear', 0);

  await bringBack();
  await expect(badge(page)).toHaveText('live', { timeout: 40_000 });
  await expect(banner(page)).toBeHidden();
  await expect(problem(page, /wear.* → 503/)).toBeVisible({ timeout: 40_000 });
  await world.kube.scale('shop', 'wear', 3);
  await expect(rail(page)).toContainText('No fault found');
});

test('without a cluster the page is up, says so, and fills when the cluster comes', async ({ page }) => {
  const first = await startSandbox({ scenario: 'online-store' });
  const port = Number(new URL(first.url).port);
  await first.close();
  const folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-e2e-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeKubeconfig(kubeconfig, { server: first.url });
  const dashboard = await Dashboard.start({ KUBECONFIG: kubeconfig, ATLAS_DNS: 'off' });
  try {
    await page.goto(dashboard.url);
    await expect(page.getByRole('heading', { name: 'The cluster does not answer' })).toBeVisible();
    await expect(page.getByText('kubectl cluster-info')).toBeVisible();
    await expect(badge(page)).toHaveText('unreachable');
    const unreloaded = await mark(page);
    const sandbox = await startSandbox({ scenario: 'online-store', port });
    try {
      await expect(card(page, 'host:www.my-online-store.com')).toBeVisible({ timeout: 40_000 });
      await expect(badge(page)).toHaveText('live');
      expect(await unreloaded()).toBe(true);
    } finally {
      await sandbox.close();
    }
  } finally {
    await dashboard.stop();
    await rm(folder, { recursive: true });
  }
});

test('a refused token is told as such, not as a broken cluster', async ({ page, atlas }) => {
  const { url } = await atlas({
    scenario: 'online-store',
    prepare: async (_, { api }) => {
      api.authenticator.isRequired = true;
    },
    token: 'expired',
  });
  await page.goto(url);
  await expect(page.getByRole('heading', { name: 'The cluster refuses our credentials' })).toBeVisible();
  await expect(badge(page)).toHaveText('not let in');
});
