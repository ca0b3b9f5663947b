/* Two tenants of one cluster in the browser: each sees its own, how much is hidden beside it, and no name of the other's. */
import type { Page } from '@playwright/test';
import { CertificateAuthority } from '@/sandbox/controllers/certificates';
import type { Sandbox } from '@/sandbox/start';
import { letSee, sees } from '@/server/testing/cluster-people';
import { MARKS, type Mark, tenantObjects, tenantRecords } from '@/server/testing/tenants';
import { violations } from './support/axe';
import type { Kube } from './support/kube';
import { badge, card, inspector, rail } from './support/page';
import { expect, test } from './support/test';
import { World } from './support/world';

const tokenOf = (mark: Mark) => `token-of-tenant-${MARKS.indexOf(mark)}`;
const otherThan = (mark: Mark): Mark => MARKS.find((one) => one !== mark) ?? 'alfax';

async function prepare(kube: Kube, { api, url }: Sandbox): Promise<void> {
  const authority = await CertificateAuthority.create();
  for (const mark of MARKS) {
    await kube.dns({ records: tenantRecords(mark) });
    const tls = await authority.issue([`${mark}.example`, `${mark}-cert.example`]);
    for (const [collection, object] of tenantObjects(mark, tls)) await kube.create(collection, object);
    // No name of a person tells whose tenant it is: it stands on the page.
    const name = `person-${MARKS.indexOf(mark)}@example.com`;
    api.authenticator.add(tokenOf(mark), { name, groups: [sees(`${mark}-ns`)] });
  }
  await letSee(
    url,
    MARKS.map((mark) => `${mark}-ns`),
  );
}

let world: World;
test.beforeAll(async () => {
  world = await World.start({ scenario: 'online-store', prepare, env: { ATLAS_AUTH: 'kubernetes' } });
});
test.afterAll(() => world.stop());

async function signIn(page: Page, mark: Mark): Promise<void> {
  await page.goto(world.url);
  await page.getByLabel('Your token for this cluster').fill(tokenOf(mark));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(badge(page)).toHaveText('live');
}

/** All that the page holds, drawn or not, with what is typed and what the address says. */
async function expectNothingOf(page: Page, mark: Mark): Promise<void> {
  const held = await page.evaluate(() =>
    [document.documentElement.outerHTML, document.title, location.href, JSON.stringify(localStorage)].join(
      '\n',
    ),
  );
  const at = held.toLowerCase().indexOf(mark);
  expect(at < 0 ? '' : held.slice(Math.max(0, at - 200), at + 100)).toBe('');
}

/** Every answer of the server to this page, while it lasts. */
function listen(page: Page): readonly string[] {
  const texts: string[] = [];
  page.on('response', async (response) => {
    const type = response.headers()['content-type'] ?? '';
    // One that the page did not wait for has no text any more.
    if (/json|html/.test(type)) texts.push(await response.text().catch(() => ''));
  });
  return texts;
}

for (const mark of MARKS) {
  test(`tenant ${mark} sees what is his, how much is hidden, and nothing of ${otherThan(mark)}`, async ({
    page,
  }) => {
    const other = otherThan(mark);
    const heard = listen(page);
    await signIn(page, mark);
    await expect(card(page, `host:${mark}.example`)).toBeVisible();
    await expect(rail(page)).toContainText('You see 1 namespace of this cluster.');
    await expect(rail(page)).toContainText(/\d+ hidden beside it/);
    await expectNothingOf(page, other);

    // What both have a part in: a host, and a controller of a namespace that neither sees.
    await page.goto(`${world.url}/?select=${encodeURIComponent('host:shared.example')}`);
    await expect(inspector(page)).toContainText('shared.example');
    await expect(inspector(page)).toContainText(/hidden/);
    await expectNothingOf(page, other);
    const hidden = page.locator('.react-flow__node').filter({ hasText: 'hidden' }).first();
    await hidden.click();
    await expect(inspector(page)).toContainText(/may not see/);
    await expectNothingOf(page, other);

    // Search: by the other's names nothing is found, also not what only the search knows.
    for (const word of [`${other.slice(0, 4)}`, 'lonely', 'shared.example']) {
      await page.keyboard.press('Escape');
      await page.goto(world.url);
      await expect(badge(page)).toHaveText('live');
      await page.keyboard.press('/');
      await page.keyboard.type(word);
      await expect(page.getByRole('listbox')).not.toContainText('Searching');
      if (!other.startsWith(word)) await expectNothingOf(page, other);
      await expect(page.getByRole('option').filter({ hasText: other })).toHaveCount(0);
    }

    // The past, and what changed since.
    await page.goto(`${world.url}/?at=${new Date().toISOString()}`);
    await expect(card(page, `host:${mark}.example`)).toBeVisible();
    await expectNothingOf(page, other);

    expect(heard.length).toBeGreaterThan(8);
    expect(
      heard.filter((text) => text.toLowerCase().includes(other)).map((text) => text.slice(0, 300)),
    ).toEqual([]);

    // By the other's address there is nothing, as where nobody is called so.
    await page.goto(`${world.url}/?focus=${encodeURIComponent('service:nobody-ns/nobody-web')}`);
    await expect(page.getByRole('main')).toContainText('nobody-web');
    const nobody = await page.getByRole('main').textContent();
    await page.goto(`${world.url}/?focus=${encodeURIComponent(`service:${other}-ns/${other}-web`)}`);
    await expect(page.getByRole('main')).toContainText(`${other}-web`);
    expect((await page.getByRole('main').textContent())?.replaceAll(other, 'nobody')).toBe(nobody);
  });
}

test('what is hidden reads well for everybody, in both themes, on a phone too', async ({ page }) => {
  await signIn(page, 'alfax');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 1440, height: 900 });
    await expect(rail(page)).toContainText('hidden beside it');
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(page.getByText('hidden beside it')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  }
});
