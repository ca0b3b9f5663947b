import type { Page } from '@playwright/test';
import { card, inspector, rule } from './support/page';
import { expect, test } from './support/test';

const WATCH = rule('shop', 'ingress-wear-watch', 'www.my-online-store.com', '/watch');

/** Where the focus is, and whether one sees it: something there looks different without it. */
function focusPlace(page: Page): Promise<{ place: string; visible: boolean }> {
  return page.evaluate(() => {
    const places = [
      ['card', '.react-flow__node'],
      ['top bar', 'header *'],
      ['problems', 'aside *'],
      ['filters', '[aria-label=Filters] *'],
    ] as const;
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body)
      return { place: 'the browser', visible: true };
    const place = places.find(([, selector]) => element.matches(selector))?.[0] ?? 'elsewhere';
    // A card or a field shows it on what it holds or is held by.
    const around = [element, element.querySelector('.atlas-card'), element.parentElement];
    const look = () =>
      JSON.stringify(
        around.map((item) => {
          if (!item) return null;
          for (const animation of item.getAnimations()) animation.finish();
          const { outline, boxShadow, borderColor, backgroundColor } = getComputedStyle(item);
          return [outline, boxShadow, borderColor, backgroundColor];
        }),
      );
    const focused = look();
    element.blur();
    const visible = look() !== focused;
    element.focus();
    return { place, visible };
  });
}

async function search(page: Page, text: string, keys = '/'): Promise<void> {
  await page.keyboard.press(keys);
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  await page.keyboard.type(text);
}

test.beforeEach(async ({ page, incident }) => {
  await page.goto(incident.url);
  await expect(card(page, WATCH)).toBeVisible();
});

for (const keys of ['/', 'Control+k']) {
  test(`${keys} opens the search; Enter leads to what was found`, async ({ page }) => {
    await search(page, 'gift.my-online', keys);
    await expect(page.getByRole('option').first()).toContainText('gift.my-online-store.com');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(inspector(page).getByRole('heading', { level: 2 })).toContainText('gift');
    await page.keyboard.press('Escape');
    await expect(inspector(page)).toHaveCount(0);
  });
}

test('the search finds what is not drawn and says that nobody outside reaches it', async ({ page }) => {
  await search(page, 'mysql-service');
  const option = page.getByRole('option').filter({ hasText: 'mysql-service' }).first();
  await expect(option).toContainText('internal only');
});

test('the search says when there is nothing of that name', async ({ page }) => {
  await search(page, 'no-such-thing-here');
  await expect(page.getByRole('dialog')).toContainText('Nothing in this cluster has that name');
});

test('letters typed right after / are all there, also while the palette is still loading', async ({
  page,
}) => {
  await page.route('**/_next/static/chunks/**', async (route) => {
    await new Promise((done) => setTimeout(done, 400));
    await route.continue();
  });
  await page.reload();
  await page.getByRole('button', { name: 'Search everything' }).waitFor();
  const field = page.getByRole('dialog').getByRole('textbox').or(page.getByRole('combobox'));
  await expect(async () => {
    await page.keyboard.press('/');
    await expect(field).toBeVisible({ timeout: 100 });
  }).toPass();
  await page.keyboard.type('watch-service');
  await expect(page.getByRole('combobox')).toHaveValue('watch-service');
  await expect(page.getByRole('option').filter({ hasText: 'watch-service' }).first()).toBeVisible();
});

test('Enter leads on though it was pressed before the palette was there', async ({ page }) => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    if (body.includes('cmdk-input')) await released;
    await route.fulfill({ response, body });
  });
  await page.reload();
  await expect(card(page, WATCH)).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused();
  await page.keyboard.type('watch-service');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox')).toHaveCount(0);
  release();
  await expect(page).toHaveURL(/select=service/);
});

test('a search that fails is not told as nothing found', async ({ page }) => {
  await page.route('**/api/v1/topology?*', (route) => route.abort());
  await search(page, 'no-such-thing-here');
  await expect(page.getByRole('dialog')).toContainText('the rest could not be searched');
});

test('arrows go from card to card, Enter opens one, Escape closes it and then shows all', async ({
  page,
}) => {
  await card(page, 'host:www.my-online-store.com').focus();
  const focused = page.locator('.react-flow__node:focus');
  await page.keyboard.press('ArrowUp');
  await expect(focused).toHaveAttribute('data-id', 'host:watch.my-online-store.com');
  await page.keyboard.press('ArrowRight');
  await expect(focused).toHaveAttribute(
    'data-id',
    'loadbalancer:service/ingress-nginx/ingress-nginx-controller',
  );
  await page.keyboard.press('ArrowRight');
  await expect(focused).toHaveAttribute('data-id', /^controller:/);
  await page.keyboard.press('ArrowRight');
  await expect(focused).toHaveAttribute('data-id', /^rule:/);
  await page.keyboard.press('Enter');
  await expect(inspector(page)).toBeVisible();
  await page.keyboard.press('f');
  await expect(page.getByText('Showing the chains of')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(inspector(page)).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByText('Showing the chains of')).toHaveCount(0);
});

test('l changes between picture and list, ? shows the keys, Escape closes them', async ({ page }) => {
  await page.keyboard.press('l');
  await expect(page.getByRole('heading', { name: 'Hosts and where they lead' })).toBeVisible();
  await page.keyboard.press('l');
  await expect(card(page, WATCH)).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys and signs' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('letters typed into a field are text, not commands', async ({ page }) => {
  const field = page.getByLabel('Filter by host, path or name');
  await field.focus();
  await page.keyboard.type('l?/help');
  await expect(field).toHaveValue('l?/help');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Hosts and where they lead' })).toHaveCount(0);
});

test('Tab alone reaches search, problems, filters and cards, each with a visible focus', async ({ page }) => {
  const reached = new Set<string>();
  for (let step = 0; step < 60 && !reached.has('card'); step += 1) {
    await page.keyboard.press('Tab');
    const { place, visible } = await focusPlace(page);
    expect(visible, `focus in ${place}`).toBe(true);
    reached.add(place);
  }
  expect([...reached]).toEqual(expect.arrayContaining(['top bar', 'problems', 'filters', 'card']));
});

for (const name of ['Search everything', 'Keyboard and signs']) {
  test(`${name}: closed by Escape, it gives the focus back`, async ({ page }) => {
    const button = page.getByRole('button', { name });
    await button.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog').locator(':focus')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(button).toBeFocused();
  });
}
