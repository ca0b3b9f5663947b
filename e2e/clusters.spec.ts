import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { violations } from './support/axe';
import { Dashboard } from './support/dashboard';
import { card, cardIn, inspector, problem } from './support/page';
import { expect, test } from './support/test';

const WWW = 'host:www.my-online-store.com';

let folder: string;
let sandboxes: readonly Sandbox[];
let dashboard: Dashboard;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-e2e-clusters-'));
  sandboxes = await Promise.all([
    startSandbox({ scenario: 'online-store', speed: 20 }),
    startSandbox({ scenario: 'online-store-incident', speed: 20 }),
  ]);
  const [first, second] = sandboxes.map(({ url }) => url);
  const write = (clusterName: string, server = 'http://127.0.0.1:9') =>
    writeKubeconfig(join(folder, `${clusterName}.yaml`), { server, clusterName });
  await write('prod-eu', first);
  await write('staging-eu', second);
  await write('lab');
  dashboard = await Dashboard.start({
    KUBECONFIG: folder,
    ATLAS_CONTEXTS: 'prod-eu,staging-eu,lab',
    ATLAS_SECRETS: 'watch',
    ATLAS_DNS: 'off',
  });
});
test.afterAll(async () => {
  await dashboard.stop();
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
  await rm(folder, { recursive: true, force: true });
});

const switcher = (page: Page) => page.getByRole('banner').getByRole('button', { name: /^Cluster / });
const choice = (page: Page, name: RegExp) => page.getByRole('menuitemradio', { name });

test('one switches with the pointer; what one looks for stays, what is of one cluster only goes', async ({
  page,
}) => {
  await page.goto(
    `${dashboard.url}/?namespace=shop&select=${encodeURIComponent('service:shop/wear-service')}`,
  );
  await expect(switcher(page)).toContainText('prod-eu');
  await expect(page).toHaveTitle('prod-eu · Ingress Atlas');
  await expect(cardIn(page, WWW, 'ok')).toBeVisible();
  await switcher(page).click();
  await expect(choice(page, /prod-eu/)).toBeChecked();
  await expect(choice(page, /staging-eu.*staging.*broken/)).toBeVisible();
  await expect(choice(page, /lab.*unreachable/)).toBeVisible();
  await choice(page, /staging-eu/).click();
  await expect(page).toHaveURL(/[?&]cluster=staging-eu/);
  await expect(page).toHaveURL(/[?&]namespace=shop/);
  await expect(page).not.toHaveURL(/select=/);
  await expect(switcher(page)).toContainText('staging-eu');
  await expect(page).toHaveTitle('staging-eu · Ingress Atlas');
  await expect(problem(page, /→ 503/).first()).toBeVisible();
  await page.goBack();
  await expect(switcher(page)).toContainText('prod-eu');
  await expect(cardIn(page, WWW, 'ok')).toBeVisible();
});

test('one switches with the keyboard, and from the search', async ({ page }) => {
  await page.goto(dashboard.url);
  await expect(switcher(page)).toContainText('prod-eu');
  await page.keyboard.press('c');
  await expect(choice(page, /staging-eu/)).toBeVisible();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await expect(choice(page, /staging-eu/)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(switcher(page)).toContainText('staging-eu');
  await expect(card(page, WWW)).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('cluster prod');
  await page.keyboard.press('Enter');
  await expect(switcher(page)).toContainText('prod-eu');
  await expect(page).not.toHaveURL(/cluster=/);
});

test('a cluster that cannot be reached says so, and the way back stays open', async ({ page }) => {
  await page.goto(`${dashboard.url}/?cluster=lab`);
  await expect(page.getByRole('main')).toContainText('kubectl --context lab cluster-info');
  await expect(page.getByRole('main')).toContainText(/does not answer|unreachable|cannot be reached/i);
  await switcher(page).click();
  await choice(page, /prod-eu/).click();
  await expect(card(page, WWW)).toBeVisible();
});

test('the same host in another cluster is said with how it is there, and leads there', async ({ page }) => {
  await page.goto(`${dashboard.url}/go?host=www.my-online-store.com`);
  await expect(inspector(page)).toContainText('The same host in other clusters');
  const there = inspector(page).getByRole('link', { name: /also in cluster staging-eu/ });
  await expect(there).toContainText(/broken|degraded/);
  await expect(card(page, WWW)).toContainText('also in staging-eu');
  await there.click();
  await expect(page).toHaveURL(/cluster=staging-eu/);
  await expect(switcher(page)).toContainText('staging-eu');
  await expect(inspector(page)).toContainText('also in cluster prod-eu');
});

test('the inspector asks the cluster that is shown', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(
    `${dashboard.url}/?cluster=staging-eu&select=${encodeURIComponent('service:shop/wear-service')}`,
  );
  await inspector(page).getByRole('tab', { name: 'YAML' }).click();
  await expect(inspector(page)).toContainText('kind: Service');
  const data = asked.filter((url) => /\/api\/v1\/(?!stream|openapi)/.test(url));
  expect(data.length).toBeGreaterThan(2);
  for (const url of data) expect(url).toContain('cluster=staging-eu');
});

test('a cluster that there is not names those that there are', async ({ page }) => {
  await page.goto(`${dashboard.url}/?cluster=nowhere`);
  const main = page.getByRole('main');
  await expect(main).toContainText('does not watch that cluster');
  await main.getByRole('link', { name: 'staging-eu' }).click();
  await expect(switcher(page)).toContainText('staging-eu');
});

test('the switcher is for everybody', async ({ page }) => {
  await page.goto(dashboard.url);
  await expect(card(page, WWW)).toBeVisible();
  await switcher(page).click();
  await expect(choice(page, /staging-eu/)).toBeVisible();
  expect(await violations(page, '[role=menu]')).toEqual([]);
});

test('with one cluster nothing of this is there', async ({ page, incident }) => {
  await page.goto(incident.url);
  await expect(card(page, WWW)).toBeVisible();
  await expect(switcher(page)).toHaveCount(0);
  await expect(page).toHaveTitle('Ingress Atlas');
});
