import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { hostileObjects, LONGEST, NAMES } from '@/server/testing/hostile-objects';
import { badge, card, inspector, rail } from './support/page';
import { expect, test } from './support/test';
import { World } from './support/world';

let world: World;
let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-e2e-'));
  const dump = join(folder, 'dump.json');
  await writeFile(dump, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: hostileObjects() }));
  world = await World.start({ paths: [dump], dump: true, env: { ATLAS_DNS: 'off' } });
});
test.afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true });
});

const pwned = (page: Page) => page.evaluate(() => 'pwned' in window);

test('names that are markup, another script or far too long are drawn as text', async ({ page }) => {
  await page.goto(world.url);
  await expect(badge(page)).toHaveText('live');
  for (const name of NAMES)
    await expect(page.locator(`.atlas-card[title^=${JSON.stringify(name)}]`).first()).toBeVisible();
  await expect(rail(page)).toContainText('<img src=x onerror=');
  const stray = page.locator('.react-flow img, .react-flow script, aside img, aside script');
  await expect(stray).toHaveCount(0);
  expect(await pwned(page)).toBe(false);
});

test('a right-to-left name does not turn what stands beside it', async ({ page }) => {
  await page.goto(`${world.url}/?show=list`);
  const name = page.locator('bdi', { hasText: 'שלום' }).first();
  await expect(name).toBeVisible();
  await expect(name).toHaveCSS('unicode-bidi', 'isolate');
});

test('a name of 253 characters is cut in the picture and whole in the list and the inspector', async ({
  page,
}) => {
  await page.goto(world.url);
  const long = card(page, `host:${LONGEST}`);
  await expect(long).toContainText('…');
  await long.click();
  await expect(inspector(page).getByRole('heading', { level: 2 })).toHaveText(LONGEST);
  const wide = await inspector(page).evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('l');
  await expect(page.getByRole('heading', { name: LONGEST }).first()).toBeVisible();
});

test('an object full of markup is shown as YAML text', async ({ page }) => {
  await page.goto(`${world.url}/?select=service:evil/markup`);
  await inspector(page).getByRole('tab', { name: 'YAML' }).click();
  await expect(inspector(page)).toContainText('<script>window.pwned = 1</script>');
  expect(await pwned(page)).toBe(false);
});

test('search finds a hostile name and takes hostile text', async ({ page }) => {
  await page.goto(world.url);
  await expect(badge(page)).toHaveText('live');
  await page.keyboard.press('/');
  await page.getByRole('combobox').fill('🦊');
  await expect(page.getByRole('option').first()).toContainText('🦊');
  await page.getByRole('combobox').fill('"><script>window.pwned = 1</script>');
  await expect(page.getByRole('dialog')).toContainText('Nothing in this cluster');
  expect(await pwned(page)).toBe(false);
});

test('hostile text in the address is a view that finds nothing, not code', async ({ page }) => {
  const query = new URLSearchParams({
    focus: '<img src=x onerror="window.pwned = 1">',
    select: 'javascript:alert(1)',
    q: '</script><script>window.pwned = 1</script>',
    namespace: '__proto__',
  });
  await page.goto(`${world.url}/?${query}`);
  await expect(page.getByRole('heading', { name: 'No chain leads here' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('<img src=x onerror=');
  expect(await pwned(page)).toBe(false);
});
