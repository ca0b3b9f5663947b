import type { Page } from '@playwright/test';
import { violations } from './support/axe';
import { card, inspector, rail } from './support/page';
import { expect, test } from './support/test';

const SCREENS: readonly (readonly [string, string, (page: Page) => Promise<void>])[] = [
  [
    'picture',
    '',
    async (page) => {
      await expect(card(page, 'host:www.my-online-store.com')).toBeVisible();
      await rail(page).getByRole('button').first().focus();
    },
  ],
  [
    'inspector',
    '?select=service:shop/gift',
    (page) => expect(inspector(page).getByRole('region', { name: 'Findings' })).toBeVisible(),
  ],
  ['list', '?show=list', (page) => expect(page.getByRole('heading', { level: 3 }).first()).toBeVisible()],
  [
    'search',
    '',
    async (page) => {
      await page.getByRole('button', { name: 'Search everything' }).click();
      await page.keyboard.type('wear');
      await expect(page.getByRole('option').filter({ hasText: 'wear' }).first()).toBeVisible();
    },
  ],
  [
    'help',
    '',
    async (page) => {
      await page.getByRole('button', { name: 'Keyboard and signs' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  ],
  [
    'nothing found',
    '?q=no-such-thing',
    (page) => expect(page.getByRole('heading', { name: 'No chain matches' })).toBeVisible(),
  ],
  [
    'groups and filters of the rail',
    '?group=hop',
    async (page) => {
      await rail(page).getByRole('button', { name: 'Group and filter the problems' }).click();
      await expect(page.getByRole('radio', { name: 'hop' })).toBeVisible();
    },
  ],
  [
    'expected until',
    '?select=service:shop/gift',
    async (page) => {
      await inspector(page).getByRole('button', { name: 'Expected until …' }).click();
      await expect(page.getByRole('dialog', { name: 'Expected until' })).toBeVisible();
    },
  ],
  ['list of checks', 'checks', (page) => expect(page.getByRole('heading', { level: 1 })).toBeVisible()],
  [
    'concept page',
    'learn/tls',
    (page) => expect(page.getByRole('heading', { level: 1, name: 'TLS with Ingress' })).toBeVisible(),
  ],
];

for (const theme of ['light', 'dark'] as const) {
  test.describe(`${theme} theme`, () => {
    test.beforeEach(({ context, incident }) =>
      context.addCookies([{ name: 'atlas-theme', value: theme, url: incident.url }]),
    );

    for (const [name, query, ready] of SCREENS) {
      test(`${name} has no accessibility violation`, async ({ page, incident }) => {
        await page.goto(`${incident.url}/${query}`);
        await ready(page);
        expect(await violations(page)).toEqual([]);
      });
    }

    test('the page before the first picture has no accessibility violation', async ({ page, incident }) => {
      await page.route('**/api/v1/stream*', () => undefined);
      await page.goto(incident.url);
      await expect(page.getByRole('region', { name: 'Connecting' })).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });

    test('phone has no accessibility violation', async ({ page, incident }) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(incident.url);
      await expect(page.getByRole('article').first()).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  });
}
