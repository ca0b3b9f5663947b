import type { Page } from '@playwright/test';
import { violations } from './support/axe';
import { cardIn, inspector, rail, rule } from './support/page';
import { type Recorded, startRecorded } from './support/recorded';
import { expect, test } from './support/test';

const WATCH = rule('shop', 'ingress-wear-watch', 'www.my-online-store.com', '/watch');
const GIFT = '/apis/apps/v1/namespaces/shop/deployments/gift';
const NOTE = 'Since the deploy.\n<b>Rolling back</b> now.\nמה קורה כאן';

let recorded: Recorded;

test.beforeAll(async () => {
  recorded = await startRecorded({ scenario: 'online-store-incident' });
});
test.afterAll(() => recorded.stop());

const dialog = (page: Page) => page.getByRole('dialog', { name: /moment/ });

/** Freezes what is looked at by way of the dialog; gives the link. */
async function freeze(page: Page, query: string, note = ''): Promise<string> {
  await page.goto(`${recorded.world.url}/${query}`);
  await expect(rail(page).getByRole('button').first()).toBeVisible();
  await page.keyboard.press('s');
  await dialog(page).getByRole('textbox', { name: 'Note' }).fill(note);
  await dialog(page).getByRole('button', { name: 'Create link' }).click();
  return await page.getByRole('textbox', { name: 'Link to the frozen moment' }).inputValue();
}

const focus = `?focus=${encodeURIComponent(WATCH)}`;

test('what is shared is drawn before it is made, and its link is copied', async ({ page, context }) => {
  const { url } = recorded.world;
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
  await page.goto(`${url}/${focus}`);
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(dialog(page).getByRole('img', { name: 'What chats will show of it' })).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Create link' }).click();
  await expect(dialog(page).getByRole('status')).toHaveText('Link copied');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/\/s\/[\w-]{22}$/);
  await dialog(page).getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(dialog(page).getByRole('status')).toHaveText('Markdown copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`](${link})`);
});

test('the link shows what was seen, from the document alone', async ({ page }) => {
  const link = await freeze(page, focus, NOTE);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/')) asked.push(request.url());
  });
  await page.goto(link);
  await expect(page.getByRole('region', { name: 'Frozen moment' })).toContainText(
    /Frozen at .* UTC.*expires/,
  );
  await expect(page.getByRole('region', { name: 'Verdict' })).toContainText('→ 503');
  const note = page.getByRole('region', { name: 'Note of the author' });
  await expect(note).toHaveText(NOTE);
  expect(await note.locator('b').count()).toBe(0);
  await cardIn(page, WATCH, 'broken').click();
  await expect(inspector(page).getByRole('region', { name: 'Findings' })).toBeVisible();
  await expect(inspector(page).getByRole('tab', { name: 'YAML' })).toHaveCount(0);
  expect(asked).toEqual([]);
});

test('it stays as it was when the cluster has moved on, and leads to what has changed since', async ({
  page,
}) => {
  const link = await freeze(page, '?focus=service:shop/gift');
  await recorded.world.kube.scale('shop', 'gift', 2);
  await expect
    .poll(async () => (await recorded.world.kube.get<{ status: { readyReplicas?: number } }>(GIFT)).status)
    .toMatchObject({ readyReplicas: 2 });
  await page.goto(link);
  await expect(cardIn(page, 'service:shop/gift', 'broken')).toBeVisible();
  await page.getByRole('link', { name: 'Compare with now' }).click();
  const changes = page.getByRole('region', { name: 'What changed' });
  await expect(changes).toContainText('mended', { timeout: 20_000 });
  await expect(changes.getByText(/gift\.my-online-store\.com/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Close the comparison' }).click();
  await expect(changes).toHaveCount(0);
  await recorded.world.kube.scale('shop', 'gift', 0);
});

test('revoked, it is gone for everybody', async ({ page }) => {
  const link = await freeze(page, focus);
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('button', { name: 'Revoke for good?' }).click();
  await expect(dialog(page)).toHaveCount(0);
  const answer = await page.goto(link);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/not kept/);
});

test('where nothing can be kept the dialog says why, and keeps what was written', async ({
  page,
  incident,
}) => {
  await page.goto(incident.url);
  await expect(rail(page).getByRole('button').first()).toBeVisible();
  await page.keyboard.press('s');
  await dialog(page).getByRole('textbox', { name: 'Note' }).fill('keep me');
  await dialog(page).getByRole('button', { name: 'Create link' }).click();
  await expect(dialog(page).getByRole('alert')).not.toBeEmpty();
  await expect(dialog(page).getByRole('textbox', { name: 'Note' })).toHaveValue('keep me');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('the verdict stands first, then the note, then the chain; nothing is wider than the screen', async ({
    page,
    browser,
  }) => {
    const desk = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const link = await freeze(desk, focus, NOTE);
    await desk.close();
    await page.goto(link);
    const parts = [
      page.getByRole('region', { name: 'Frozen moment' }),
      page.getByRole('article').first(),
      page.getByRole('region', { name: 'Note of the author' }),
      page.getByRole('list', { name: 'The chain, hop by hop' }),
    ];
    for (const part of parts) await expect(part).toBeVisible();
    const tops = await Promise.all(parts.map(async (part) => (await part.boundingBox())?.y ?? Number.NaN));
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  });
});

for (const theme of ['light', 'dark'] as const) {
  test(`dialog and frozen page have no accessibility violation, ${theme}`, async ({ page, context }) => {
    const { url } = recorded.world;
    await context.addCookies([{ name: 'atlas-theme', value: theme, url }]);
    await page.goto(`${url}/${focus}`);
    await page.getByRole('button', { name: 'Share' }).click();
    await expect(dialog(page).getByRole('img')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Create link' }).click();
    const link = page.getByRole('textbox', { name: 'Link to the frozen moment' });
    await expect(link).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.goto(await link.inputValue());
    await expect(cardIn(page, WATCH, 'broken')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}
