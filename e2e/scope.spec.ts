import { expect, test } from './support/test';

test('what no entry reaches is found, and shown with its pods', async ({ page, incident }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/v1/topology')) asked.push(request.url());
  });
  await page.goto(incident.url);
  await expect(page.getByText('watch-service').first()).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  await page.keyboard.type('mysql-service', { delay: 20 });
  const group = page.getByRole('group', { name: 'Not reachable from outside' });
  const option = group.getByRole('option').filter({ hasText: 'mysql-service' }).first();
  await expect(option).toContainText('internal only: ClusterIP, no rule, no load balancer');
  expect(asked.length).toBeLessThanOrEqual(4);
  await option.click();
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await expect(inspector.getByRole('heading', { level: 2 })).toContainText('mysql-service');
  await expect(inspector).toContainText('From outside');
  // The rail has made room for the inspector.
  await page.getByRole('button', { name: 'Show the problems' }).click();
  await expect(page.getByRole('complementary', { name: 'Problems' })).toContainText('elsewhere are at fault');
  await page.reload();
  await expect(inspector.getByRole('heading', { level: 2 })).toContainText('mysql-service');
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page.getByText('watch-service').first()).toBeVisible();
  expect(new URL(page.url()).searchParams.get('scope')).toBeNull();
});
