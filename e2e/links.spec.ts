import { card, inspector, rule } from './support/page';
import { expect, test } from './support/test';

const WATCH = rule('shop', 'ingress-wear-watch', 'www.my-online-store.com', '/watch');
const OTHER = 'host:help.my-online-store.com';

test('a filter stands in the address; reload keeps it, Back takes it away, Forward brings it again', async ({
  page,
  incident,
}) => {
  await page.goto(incident.url);
  await expect(card(page, OTHER)).toBeVisible();
  await page.getByRole('button', { name: 'Namespace', exact: true }).click();
  await page
    .getByRole('dialog', { name: 'Filter by namespace' })
    .getByRole('button', { name: 'ops' })
    .click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/namespace=ops/);
  await expect(card(page, OTHER)).toHaveCount(0);
  await expect(card(page, 'host:admin.my-online-store.com')).toBeVisible();

  await page.reload();
  await expect(card(page, 'host:admin.my-online-store.com')).toBeVisible();
  await expect(card(page, OTHER)).toHaveCount(0);

  await page.goBack();
  await expect(card(page, OTHER)).toBeVisible();
  await page.goForward();
  await expect(card(page, OTHER)).toHaveCount(0);
});

test('text and status filters narrow the picture, and can be cleared', async ({ page, incident }) => {
  await page.goto(`${incident.url}/?status=broken&q=gift`);
  await expect(card(page, 'host:gift.my-online-store.com')).toBeVisible();
  await expect(page.locator('.react-flow__node[data-id^="host:"]')).toHaveCount(1);
  await expect(page.getByLabel('Filter by host, path or name')).toHaveValue('gift');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(card(page, OTHER)).toBeVisible();
  await expect(page).not.toHaveURL(/gift/);
});

test('filters that match nothing say so, and lead back', async ({ page, incident }) => {
  await page.goto(`${incident.url}/?q=no-such-thing`);
  await expect(page.getByRole('heading', { name: 'No chain matches the filters' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(card(page, OTHER)).toBeVisible();
});

test('a shared link opens the same view elsewhere', async ({ page, incident, browser }) => {
  await page.goto(incident.url);
  await card(page, WATCH).click();
  await inspector(page).getByRole('button', { name: 'Show only the chains through this' }).click();
  await expect(card(page, OTHER)).toHaveCount(0);
  await expect(page).toHaveURL(/select=.*focus=|focus=.*select=/);

  const other = await browser.newContext({ viewport: { width: 1440, height: 1400 } });
  const colleague = await other.newPage();
  await colleague.goto(page.url());
  await expect(inspector(colleague).getByRole('heading', { level: 2 })).toHaveText(
    'www.my-online-store.com/watch',
  );
  await expect(card(colleague, WATCH)).toBeVisible();
  await expect(card(colleague, OTHER)).toHaveCount(0);
  await expect(colleague.getByText('Showing the chains of')).toBeVisible();
  await other.close();
});

test.describe('links for alerts and runbooks', () => {
  const DIRECTIONS = [
    ['host=gift.my-online-store.com', 'host:gift.my-online-store.com'],
    ['url=https://www.my-online-store.com/watch/42?x=1', WATCH],
    ['ingress=ops/admin', rule('ops', 'admin', 'admin.my-online-store.com', '/')],
    ['service=shop/watch-service', 'service:shop/watch-service'],
  ] as const;
  for (const [query, focus] of DIRECTIONS) {
    test(`/go?${query} shows the chains through it`, async ({ page, incident }) => {
      await page.goto(`${incident.url}/go?${query}`);
      await expect(card(page, focus)).toBeVisible();
      await expect(card(page, OTHER)).toHaveCount(0);
      await expect(page.getByText('Showing the chains of')).toBeVisible();
    });
  }

  test('a link to something that is not there says that nothing matches', async ({ page, incident }) => {
    await page.goto(`${incident.url}/go?host=gone.example.com`);
    await expect(page.getByRole('heading', { name: 'No chain matches the filters' })).toBeVisible();
  });

  test('a link cannot lead to another site', async ({ request, incident }) => {
    for (const target of [
      '//evil.example',
      'https://evil.example/',
      '/\\evil.example',
      'javascript:alert(1)',
    ]) {
      const query = new URLSearchParams({ url: target });
      const response = await request.get(`${incident.url}/go?${query}`, { maxRedirects: 0 });
      expect(response.status()).toBe(302);
      const location = new URL(response.headers().location ?? '', incident.url);
      expect(location.origin).toBe(incident.url);
    }
  });
});
