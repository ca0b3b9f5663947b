import type { Page } from '@playwright/test';
import { RESOURCES } from '@/lib/kube/resources';
import type { Kube } from './support/kube';
import { card, cardIn, inspector, rail, rule } from './support/page';
import { expect, test } from './support/test';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const ADMIN = rule('ops', 'admin', 'admin.my-online-store.com', '/');

/** A reader of everything that the dashboard wants but Secrets. */
async function grantAllButSecrets(kube: Kube): Promise<void> {
  const wanted = RESOURCES.filter(({ id }) => id !== 'secrets');
  const rules = [...Map.groupBy(wanted, ({ group }) => group)].map(([group, rows]) => ({
    apiGroups: [group],
    resources: rows.map(({ resource }) => resource),
    verbs: ['get', 'list', 'watch'],
  }));
  await kube.create(`${RBAC}/clusterroles`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'no-secrets' },
    rules,
  });
  await kube.create(`${RBAC}/clusterrolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'no-secrets' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'no-secrets' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'viewer' }],
  });
}

/** The missing Secret of the incident cannot be judged: nothing about it is red. */
async function expectNothingJudged(page: Page): Promise<void> {
  await expect(cardIn(page, 'service:ops/admin-ui', 'broken')).toBeVisible();
  await expect(cardIn(page, 'secret:ops/admin-tls', 'broken')).toHaveCount(0);
  await expect(page.locator(`.react-flow__edge[data-id^="terminates:"] [data-status=broken]`)).toHaveCount(0);
  await expect(rail(page)).not.toContainText('bad certificate');
  await card(page, ADMIN).click();
  await expect(inspector(page).getByRole('region', { name: 'Checklist' })).toContainText(/TLS|certificate/i);
  await page.getByRole('button', { name: 'Close the inspector' }).click();
}

test('Secrets that may not be read are unknown, not missing, and the note has the rule that would help', async ({
  page,
  atlas,
}) => {
  const { url } = await atlas({
    scenario: 'online-store-incident',
    token: 'viewer-token',
    prepare: async (kube, { api }) => {
      await grantAllButSecrets(kube);
      api.authenticator.add('viewer-token', { name: 'viewer', groups: [] });
    },
  });
  await page.goto(url);
  await expectNothingJudged(page);
  await rail(page).getByText('One kind of object is not seen').click();
  await expect(rail(page)).toContainText('resources: ["secrets"]');
  await expect(rail(page)).toContainText('verbs: ["get", "list", "watch"]');
});

test('Secrets that were switched off are unknown, and the note says which setting does it', async ({
  page,
  atlas,
}) => {
  const { url } = await atlas({ scenario: 'online-store-incident', env: { ATLAS_SECRETS: 'off' } });
  await page.goto(url);
  await expectNothingJudged(page);
  await rail(page).getByText('One kind of object is not seen').click();
  await expect(rail(page)).toContainText('ATLAS_SECRETS=get');
});

test('someone who may read nothing sees what is missing, and no red', async ({ page, atlas }) => {
  const { url } = await atlas({
    scenario: 'online-store-incident',
    token: 'nobody-token',
    prepare: async (_, { api }) => api.authenticator.add('nobody-token', { name: 'nobody', groups: [] }),
  });
  await page.goto(url);
  await expect(page.getByRole('heading', { name: 'shows us nothing to draw' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('resources: ["ingresses"]');
  await expect(page.locator('[data-status=broken]')).toHaveCount(0);
});
