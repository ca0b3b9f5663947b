import { badge, card, problems, rail } from './support/page';
import { expect, test } from './support/test';
import { World } from './support/world';

let world: World;

test.beforeAll(async () => {
  world = await World.start({
    scenario: 'large',
    large: { ingresses: 300, services: 600, pods: 1500, namespaces: 30 },
    env: { ATLAS_DNS: 'off' },
  });
});
test.afterAll(() => world.stop());

test('a cluster of 300 Ingresses opens on its problems, the healthy hosts folded', async ({ page }) => {
  await page.goto(world.url);
  await expect(badge(page)).toHaveText('live');
  await expect(problems(page).first()).toContainText('→');
  const group = page.locator('.react-flow__node[data-id^="group:"]').filter({ hasText: /more hosts?/ });
  await expect(group.first()).toBeAttached();
});

test('a folded group opens on click, stays open in the link, and folds again', async ({ page }) => {
  await page.goto(world.url);
  const groups = page.locator('.react-flow__node').filter({ hasText: /more hosts?/ });
  const first = groups.first();
  await expect(first).toBeVisible();
  const id = (await first.getAttribute('data-id')) ?? '';
  await first.click();
  await expect(card(page, id)).toHaveCount(0);
  await expect(page).toHaveURL(/expand=group/);
  await page.reload();
  await expect(page.getByText('1 group unfolded')).toBeVisible();
  await page.getByRole('button', { name: 'Fold', exact: true }).click();
  await expect(card(page, id)).toBeVisible();
});

test('every problem of a large cluster is in the rail', async ({ page }) => {
  await page.goto(world.url);
  await expect(problems(page).first()).toBeVisible();
  const { findings } = await world.dashboard.json<{ findings: { cause: string | null; settled: boolean }[] }>(
    '/api/v1/findings?severity=broken&impact=traffic',
  );
  const roots = findings.filter(({ cause, settled }) => cause === null && settled);
  expect(roots.length).toBeGreaterThan(3);
  await expect(rail(page).getByRole('button').filter({ hasText: 'broken ·' })).toHaveCount(roots.length);
});
