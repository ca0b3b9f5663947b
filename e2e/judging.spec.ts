/* How the problems are put in order, said to be expected, and explained. */
import { card, inspector, problem, rail } from './support/page';
import { expect, test } from './support/test';

test('problems group by hop, and the address keeps it', async ({ page, incident }) => {
  await page.goto(incident.url);
  await rail(page).getByRole('button', { name: 'Group and filter the problems' }).click();
  await page.getByRole('radio', { name: 'hop' }).check();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/group=hop/);
  const titles = rail(page).getByRole('heading', { level: 3 });
  await expect(titles.first()).toHaveText('DNS');
  await page.reload();
  await expect(titles.first()).toHaveText('DNS');
});

test('severity narrows the rail and nothing else', async ({ page, incident }) => {
  await page.goto(`${incident.url}/?severity=degraded`);
  await expect(problem(page, 'reviews.my-online-store.com')).toBeVisible();
  await expect(problem(page, 'gift.my-online-store.com')).toHaveCount(0);
  await expect(card(page, 'host:gift.my-online-store.com')).toBeVisible();
});

test('an expected fault moves to the end with its note, survives a reload, and can be taken back', async ({
  page,
  incident,
}) => {
  await page.goto(`${incident.url}/?select=service:shop/gift`);
  await inspector(page).getByRole('button', { name: 'Expected until …' }).click();
  await page.getByLabel('Note, kept in this browser').fill('<b>sold out</b>');
  await page.getByRole('button', { name: '1 hour' }).click();
  await page.getByRole('button', { name: 'Close the inspector' }).click();
  const expected = page.getByRole('region', { name: 'Expected' });
  await expect(expected.getByText('“<b>sold out</b>”')).toBeVisible();
  await page.reload();
  await expect(expected.getByText('gift.my-online-store.com/ → 503')).toBeVisible();
  await expect(card(page, 'service:shop/gift').locator('[data-status=broken]')).toBeVisible();
  await expected.getByRole('button', { name: 'Not expected' }).click();
  await expect(expected).toHaveCount(0);
  await expect(problem(page, 'gift.my-online-store.com/ → 503')).toBeVisible();
});

test('a finding leads to its page, and that to what explains it', async ({ page, incident }) => {
  await page.goto(`${incident.url}/?select=service:shop/gift`);
  const opened = page.waitForEvent('popup');
  await inspector(page).getByRole('link', { name: 'About this check' }).first().click();
  const read = await opened;
  await expect(read.getByRole('heading', { level: 1 })).toHaveText('The Service has no endpoints.');
  await read.getByRole('link', { name: 'A Service without endpoints' }).click();
  await expect(read.getByRole('heading', { name: 'Why it is 503 here and 502 there' })).toBeVisible();
  const response = await read.goto(`${incident.url}/checks/no-such-check`);
  expect(response?.status()).toBe(404);
});

test('a finding of a whole namespace is opened in the rail from the search', async ({ page, incident }) => {
  // Where it would be left out, and the inspector has the rail's place.
  await page.goto(`${incident.url}/?severity=broken&select=service:shop/gift`);
  const entry = rail(page).locator('summary', { hasText: '2 hosts of namespace content served without TLS' });
  await expect(inspector(page)).toBeVisible();
  await expect(entry).toHaveCount(0);
  await page.keyboard.press('/');
  await page.getByRole('combobox').fill('hosts of content without TLS');
  await page.getByRole('option', { name: '2 hosts of namespace content served without TLS' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(entry).toBeInViewport();
  await expect(entry).toBeFocused();
  // Only that one: the same of another namespace stays folded.
  await expect(rail(page).getByText('Add a TLS entry with a Secret').filter({ visible: true })).toHaveCount(
    1,
  );
  await expect(page).not.toHaveURL(/severity/);
});

test('on a phone it is opened among the risks beneath the verdict', async ({ page, incident }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(incident.url);
  await page.getByRole('button', { name: 'Search everything' }).click();
  await page.getByRole('combobox').fill('certificates of shop');
  await page.getByRole('option', { name: 'Certificates of namespace shop are renewed by hand' }).click();
  await expect(
    page.locator('summary').getByText('Certificates of namespace shop are renewed by hand'),
  ).toBeInViewport();
});

test('a problem of the whole cluster unfolds in the rail, with what mends it', async ({ page, atlas }) => {
  const { url } = await atlas({
    scenario: 'online-store',
    prepare: (kube) =>
      kube.create('/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'left-behind' },
        webhooks: [
          {
            name: 'validate.nginx.ingress.kubernetes.io',
            failurePolicy: 'Fail',
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
            clientConfig: { service: { namespace: 'old', name: 'admission', path: '/' } },
            rules: [
              {
                apiGroups: ['networking.k8s.io'],
                apiVersions: ['v1'],
                operations: ['CREATE'],
                resources: ['ingresses'],
              },
            ],
          },
        ],
      }),
  });
  await page.goto(url);
  const refused = problem(page, 'Changes of Ingresses are refused');
  await expect(refused).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('/');
  await page.getByRole('combobox').fill('left-behind');
  await page.getByRole('option', { name: 'Changes of Ingresses are refused' }).click();
  await expect(refused).toHaveAttribute('aria-expanded', 'true');
  await expect(refused).toBeFocused();
  await expect(rail(page).getByRole('region', { name: 'What to do' })).toBeInViewport();
});
