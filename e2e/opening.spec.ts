import { badge, card, cardIn, HOSTS, inspector, lines, problem, problems } from './support/page';
import { expect, test } from './support/test';

test('the first look shows every host and what is broken', async ({ page, incident }) => {
  await page.goto(incident.url);
  for (const host of HOSTS) await expect(card(page, `host:${host}`)).toBeVisible();
  await expect(cardIn(page, 'host:gift.my-online-store.com', 'broken')).toBeVisible();
  await expect(cardIn(page, 'host:www.my-online-store.com', 'degraded')).toBeVisible();
  await expect(cardIn(page, 'host:help.my-online-store.com', 'ok')).toBeVisible();
  await expect(lines(page, 'routes:', 'broken').first()).toBeAttached();
  await expect(problem(page, 'admin.my-online-store.com/ → 503')).toBeVisible();
  await expect(problem(page, /watch.* → 503/)).toContainText('crash again and again');
  await expect(problem(page, 'news.my-online-store.com')).toContainText('ngnix');
  await expect(badge(page)).toHaveText('live');
});

test('the worst comes first in the rail', async ({ page, incident }) => {
  await page.goto(incident.url);
  await expect(problem(page, 'admin.my-online-store.com/ → 503')).toBeVisible();
  const words = await problems(page).allInnerTexts();
  const ranks = words.map((text) =>
    ['broken', 'degraded', 'warning', 'not known'].findIndex((word) => text.includes(`${word} ·`)),
  );
  expect(ranks).not.toContain(-1);
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
});

test('the page is whole without the internet', async ({ page, incident }) => {
  const elsewhere: string[] = [];
  await page.route('**/*', async (route) => {
    const { origin } = new URL(route.request().url());
    if (origin === incident.url) return route.continue();
    elsewhere.push(origin);
    return route.abort();
  });
  await page.goto(incident.url);
  await expect(card(page, 'host:www.my-online-store.com')).toBeVisible();
  await expect(page.locator('body')).toHaveCSS('font-family', /Inter/);
  const loaded = await page.evaluate(async () => {
    await document.fonts.ready;
    return [...document.fonts].some((font) => font.status === 'loaded');
  });
  expect(loaded).toBe(true);
  expect(elsewhere).toEqual([]);
});

test('seven tabs of one browser work and share one connection', async ({ context, incident }) => {
  const views = ['', '?q=www', '?namespace=shop', '?status=broken', '?show=list', '?namespace=ops', ''];
  const pages = await Promise.all(
    views.map(async (view) => {
      const page = await context.newPage();
      await page.goto(`${incident.url}/${view}`);
      return page;
    }),
  );
  for (const page of pages) await expect(badge(page)).toHaveText('live');
  for (const page of pages)
    await expect(page.getByText(/\d+ (hosts|problems)|Problems/i).first()).toBeVisible();
  await expect.poll(() => incident.dashboard.metric('atlas_stream_clients')).toBe(1);
});

test('once drawn, the page is never hidden again while more of its code arrives', async ({
  page,
  incident,
}) => {
  await page.route('**/_next/static/chunks/**', async (route) => {
    await new Promise((done) => setTimeout(done, 300));
    await route.continue();
  });
  await page.addInitScript(() => {
    const seen: boolean[] = [];
    Object.assign(globalThis, { seen });
    const look = () => {
      const isVisible = document.querySelector('h1')?.checkVisibility() ?? false;
      if (isVisible || seen.length > 0) seen.push(isVisible);
      requestAnimationFrame(look);
    };
    look();
  });
  await page.goto(`${incident.url}/?select=service:shop/gift`);
  await expect(inspector(page).getByRole('region', { name: 'Findings' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Namespace' })).toBeVisible();
  const seen: boolean[] = await page.evaluate(() => Reflect.get(globalThis, 'seen'));
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).not.toContain(false);
});
