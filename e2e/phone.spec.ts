import { expect, test } from './support/test';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test.beforeEach(async ({ page, incident }) => {
  await page.goto(incident.url);
  await expect(page.getByRole('article')).toBeVisible();
});

test('the verdict comes first, then the chain step by step, then one button for the link', async ({
  page,
}) => {
  const verdict = page.getByRole('article').first();
  const chain = page.getByRole('list', { name: 'The chain, hop by hop' });
  const copy = page.getByRole('button', { name: 'Copy link to this view' });
  await expect(verdict).toContainText('→ 503');
  await expect(verdict).toBeInViewport();
  await expect(chain.getByRole('listitem')).not.toHaveCount(0);
  const tops = await Promise.all(
    [verdict, chain, copy].map(async (part) => (await part.boundingBox())?.y ?? Number.NaN),
  );
  expect(tops).toEqual([...tops].sort((a, b) => a - b));
});

test('the link that is copied opens the same problem', async ({ page, context, incident }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: incident.url });
  await page.getByRole('button').filter({ hasText: 'gift.my-online-store.com/ → 503' }).tap();
  const verdict = page.getByRole('article').first();
  await expect(page).toHaveURL(/gift/);
  const close = page.getByRole('button', { name: 'Close the inspector' });
  if (await close.isVisible()) await close.tap();
  await page.getByRole('button', { name: 'Copy link to this view' }).tap();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(page.url());
  await page.goto('about:blank');
  await page.goto(link);
  await expect(verdict).toContainText('gift.my-online-store.com/ → 503');
});

test('nothing is wider than the screen', async ({ page }) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
});
