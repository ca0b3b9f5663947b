import { HOSTS, inspector } from './support/page';
import { expect, test } from './support/test';

test.beforeEach(async ({ page, incident }) => {
  await page.goto(`${incident.url}/?show=list`);
  await expect(page.getByRole('heading', { name: 'Hosts and where they lead' })).toBeVisible();
});

test('every host is a heading of the list, with its state in words', async ({ page }) => {
  const list = page.getByRole('main');
  for (const host of HOSTS)
    await expect(list.getByRole('heading', { name: host, exact: true }).first()).toBeVisible();
  await expect(
    list.getByRole('listitem').filter({ hasText: 'gift.my-online-store.com' }).first(),
  ).toContainText('broken');
});

test('find-in-page finds names at both ends of a broken chain', async ({ page }) => {
  for (const text of ['watch.my-online-store.com', 'ingress-nginx', 'catalog-api', 'admin-tls']) {
    const found = await page.evaluate((what) => {
      getSelection()?.removeAllRanges();
      // What Ctrl-F does; not in the DOM's types, as it is no standard.
      return (window as unknown as { find: (text: string) => boolean }).find(what);
    }, text);
    expect(found, text).toBe(true);
  }
});

test('a line leads to its details', async ({ page }) => {
  await page.getByRole('button', { name: 'Details of gift.my-online-store.com', exact: true }).click();
  await expect(inspector(page).getByRole('heading', { level: 2 })).toHaveText('gift.my-online-store.com');
  await expect(inspector(page)).toContainText('scaled to zero');
});
