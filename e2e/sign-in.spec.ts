import { request } from 'node:http';
import type { Page } from '@playwright/test';
import { Browser } from '@/server/testing/browser';
import { ADMIN_TOKEN, addPeople, TENANT_TOKEN } from '@/server/testing/cluster-people';
import { CLIENT_SECRET, OidcProvider } from '@/server/testing/oidc-provider';
import { violations } from './support/axe';
import { card } from './support/page';
import { expect, test } from './support/test';

const SIGNED = { scenario: 'online-store-incident', env: { ATLAS_AUTH: 'kubernetes' } } as const;
const HOST = 'host:www.my-online-store.com';
const prepare = (_: unknown, sandbox: Parameters<typeof addPeople>[0]) => addPeople(sandbox);

async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Your token for this cluster').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('who follows a link signs in with a token and is where the link leads; signing out ends all tabs', async ({
  page,
  context,
  atlas,
}) => {
  const { url } = await atlas({ ...SIGNED, prepare });
  await page.goto(`${url}/?focus=${encodeURIComponent(HOST)}`);
  await expect(page).toHaveURL(
    `${url}/auth/login?to=${encodeURIComponent(`/?focus=${encodeURIComponent(HOST)}`)}`,
  );
  await signIn(page, 'nonsense');
  await expect(
    page.getByRole('alert').filter({ hasText: 'The cluster does not know this token' }),
  ).toBeVisible();
  expect(page.url()).not.toContain('nonsense');

  await signIn(page, ADMIN_TOKEN);
  await expect(page).toHaveURL(new RegExp(`^${url}/\\?focus=`));
  await expect(card(page, HOST)).toBeVisible();
  const second = await context.newPage();
  await second.goto(url);
  await expect(card(second, HOST)).toBeVisible();

  await page.getByRole('button', { name: 'Signed in as admin@example.com' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You have signed out')).toBeVisible();
  await expect(second).toHaveURL(`${url}/auth/login`);
  expect(await context.cookies()).toEqual([]);
  await page.goBack();
  await expect(page.getByLabel('Your token for this cluster')).toBeVisible();
});

test('who signs in next in the same browser sees nothing of who was there before', async ({
  page,
  atlas,
}) => {
  const { url } = await atlas({ ...SIGNED, prepare });
  await page.goto(url);
  await signIn(page, ADMIN_TOKEN);
  await expect(card(page, HOST)).toBeVisible();
  await page.getByRole('button', { name: /^Signed in as/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You have signed out')).toBeVisible();
  await signIn(page, TENANT_TOKEN);
  await expect(page.getByRole('button', { name: 'Signed in as tenant@example.com' })).toBeVisible();
  await expect(card(page, 'service:ops/admin-ui')).toHaveCount(0);
});

test('where the cluster does not say what one may see, nothing is shown, the page says why, and comes back', async ({
  page,
  atlas,
}) => {
  const { url, kube } = await atlas({ ...SIGNED, prepare });
  await kube.fault({
    action: 'status',
    code: 500,
    times: 10_000,
    match: { path: '/apis/authorization.k8s.io/v1/subjectaccessreviews' },
  });
  await page.goto(url);
  await signIn(page, ADMIN_TOKEN);
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { name: 'What you may see could not be checked' })).toBeVisible();
  await expect(main).toContainText(/since \d{4}-\d\d-\d\d \d\d:\d\d UTC: the cluster answered 500/);
  await expect(card(page, HOST)).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  await kube.delete('/sandbox/faults');
  await expect(card(page, HOST)).toBeVisible({ timeout: 30_000 });
});

test('the sign-in page can be used by everybody, and says why nobody was let in', async ({ page, atlas }) => {
  const { url } = await atlas({ ...SIGNED, prepare });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${url}/auth/login?error=refused`);
    await expect(page.getByRole('alert').filter({ hasText: 'token' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
  }
  // An unknown reason is no reason, and its words are not shown.
  await page.goto(`${url}/auth/login?error=Send+your+token+to+evil.example&to=//evil.example`);
  await expect(page.getByText('evil.example')).toHaveCount(0);
  await expect(page.locator('input[name=to]')).toHaveValue('/');
});

test('the built server knows where a request comes from, whatever its headers say', async ({ atlas }) => {
  const { url } = await atlas({
    scenario: 'online-store-incident',
    prepare,
    env: { ATLAS_AUTH: 'proxy', ATLAS_PROXY_PEERS: '127.0.0.1' },
  });
  const named = { 'x-forwarded-user': 'admin@example.com', 'x-forwarded-groups': 'admins' };
  const forged = { ...named, 'x-forwarded-for': '127.0.0.1', 'x-ingress-atlas-peer': '127.0.0.1' };
  const status = (localAddress: string, path: string, headers: Readonly<Record<string, string>>) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(`${url}${path}`, { localAddress, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  expect(await status('127.0.0.1', '/api/v1/topology', named)).toBe(200);
  expect(await status('127.0.0.1', '/', named)).toBe(200);
  expect(await status('127.0.0.7', '/api/v1/topology', forged)).toBe(401);
  expect(await status('127.0.0.7', '/', forged)).toBe(307);
  expect(await status('127.0.0.7', '/s/AAAAAAAAAAAAAAAAAAAAAA', forged)).toBe(307);
  expect(await status('127.0.0.7', '/checks', forged)).toBe(200);
});

test('the built server sends people to their provider and lets them in when they return', async ({
  atlas,
}) => {
  const provider = await OidcProvider.start();
  try {
    const { url } = await atlas({
      scenario: 'online-store-incident',
      prepare,
      env: {
        ATLAS_AUTH: 'oidc',
        ATLAS_OIDC_ISSUER: provider.issuer,
        ATLAS_OIDC_CLIENT_ID: 'atlas',
        ATLAS_OIDC_CLIENT_SECRET: CLIENT_SECRET,
        ATLAS_PUBLIC_URL: 'http://atlas.example',
      },
    });
    const browser = new Browser(url);
    const asked = await browser.ask('/?q=shop');
    expect([asked.status, asked.headers.get('location')]).toEqual([307, '/auth/login?to=%2F%3Fq%3Dshop']);
    const start = await browser.ask('/auth/start?to=%2F%3Fq%3Dshop');
    const away = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' });
    const back = new URL(away.headers.get('location') ?? '');
    expect(back.origin).toBe('http://atlas.example');
    const returned = await browser.ask(`${back.pathname}${back.search}`);
    expect([returned.status, returned.headers.get('location')]).toEqual([303, '/?q=shop']);
    expect([...browser.cookies.keys()]).toEqual(['atlas-session']);
    const page = await (await browser.ask('/?q=shop')).text();
    expect(page).toContain('alice@example.com');
    // Known, but of no binding.
    const topology = await browser.ask('/api/v1/topology');
    expect(await topology.json()).toMatchObject({ cluster: { limited: { namespaces: 0 } }, nodes: [] });
  } finally {
    await provider.stop();
  }
});
