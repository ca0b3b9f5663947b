import { request as http, type Page } from '@playwright/test';
import { badge, inspector, problems } from './support/page';
import { type Recorded, startRecorded } from './support/recorded';
import { expect, test } from './support/test';

let recorded: Recorded;

test.beforeAll(async () => {
  recorded = await startRecorded({
    scenario: 'online-store-incident',
    env: { ATLAS_PUBLIC_URL: 'https://atlas.example.com' },
  });
});
test.afterAll(() => recorded.stop());

/** What the browser refused. An error of the page itself fails every test by itself. */
async function watchRefusals(page: Page): Promise<readonly string[]> {
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/content security policy|csp|refused to/i.test(message.text())) refused.push(message.text());
  });
  await page.exposeFunction('tellViolation', (what: string) => refused.push(what));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const tell = Reflect.get(window, 'tellViolation') as (what: string) => void;
      tell(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  return refused;
}

const dialog = (page: Page) => page.getByRole('dialog', { name: /moment/ });

for (const theme of ['light', 'dark'] as const) {
  test(`map, inspector, share dialog and frozen page need nothing that the policy forbids, ${theme}`, async ({
    page,
    context,
  }) => {
    const refused = await watchRefusals(page);
    const { url } = recorded.world;
    await context.addCookies([{ name: 'atlas-theme', value: theme, url }]);
    await page.goto(url);
    await expect(badge(page)).toHaveText('live');
    await problems(page).first().click();
    await expect(inspector(page).getByRole('region', { name: 'Findings' })).toBeVisible();
    await page.keyboard.press('s');
    await expect(dialog(page).getByRole('img')).toBeVisible();
    const drawn = await dialog(page)
      .getByRole('img')
      .evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth));
    expect(drawn).toBeGreaterThan(100);
    await dialog(page).getByRole('button', { name: 'Create link' }).click();
    const link = await page.getByRole('textbox', { name: 'Link to the frozen moment' }).inputValue();
    await page.goto(`${url}${new URL(link).pathname}`);
    await expect(page.getByRole('region', { name: 'Frozen moment' })).toBeVisible();
    expect(refused).toEqual([]);
  });
}

test('list, search, timeline, checks and concepts need nothing that the policy forbids', async ({ page }) => {
  const refused = await watchRefusals(page);
  const { url } = recorded.world;
  await page.goto(`${url}/?show=list`);
  await expect(badge(page)).toHaveText('live');
  await page.keyboard.press('/');
  await page.getByRole('combobox').fill('watch');
  await expect(page.getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.goto(`${url}/?at=${new Date(Date.now() - 1000).toISOString()}`);
  await expect(page.getByRole('main')).toBeVisible();
  for (const path of ['/learn', '/checks', '/checks/tls-absent', '/learn/dns', '/nothing-here', '/s/none']) {
    await page.goto(`${url}${path}`);
    await expect(page.locator('h1').first()).toBeVisible();
  }
  expect(refused).toEqual([]);
});

test('two tabs share one stream through the worker, which the policy lets read it', async ({ context }) => {
  const { url, dashboard } = recorded.world;
  const before = await dashboard.metric('atlas_stream_clients');
  for (const page of [await context.newPage(), await context.newPage()]) {
    await page.goto(url);
    await expect(badge(page)).toHaveText('live');
    const asked = await page.evaluate(() =>
      performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/v1/stream')),
    );
    // Without the worker the page itself would have asked.
    expect(asked).toEqual([]);
  }
  expect(await dashboard.metric('atlas_stream_clients')).toBe(before + 1);
});

test.describe('with an attacker in the page', () => {
  test.use({ triesForbidden: true });

  test('a script that gets into the page without the nonce does not run', async ({ page }) => {
    const refused = await watchRefusals(page);
    await page.goto(recorded.world.url);
    await expect(badge(page)).toHaveText('live');
    await page.evaluate(() => {
      const host = document.createElement('div');
      host.innerHTML =
        '<img src="data:x" onerror="window.pwned = 1"><a href="javascript:window.pwned=1">x</a>';
      document.body.append(host);
      const script = document.createElement('script');
      script.textContent = 'window.pwned = 2';
      host.insertAdjacentHTML('beforeend', `<iframe srcdoc="<script>parent.pwned = 3</script>"></iframe>`);
      host.querySelector('a')?.click();
    });
    await expect.poll(() => refused.length).toBeGreaterThanOrEqual(2);
    expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
  });
});

test('each answer has a nonce of its own, whatever nonce its request brought', async () => {
  const api = await http.newContext();
  const headers = { 'x-nonce': 'known', 'content-security-policy': "script-src 'nonce-known'" };
  const nonces = new Set<string>();
  for (const path of ['/', '/', '/checks', '/learn/dns', '/nothing-here', '/s/none']) {
    const answer = await api.get(`${recorded.world.url}${path}`, { headers });
    const policy = answer.headers()['content-security-policy'] ?? '';
    const nonce = /'nonce-([\w+/=]{24})'/.exec(policy)?.[1] ?? '';
    expect(policy, path).toContain("'strict-dynamic'");
    expect(policy, path).not.toContain('unsafe-eval');
    expect(policy.replace(/style-src-attr 'unsafe-inline'/, ''), path).not.toContain('unsafe-inline');
    const html = await answer.text();
    const scripts = html.match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length, path).toBeGreaterThan(0);
    for (const script of scripts) expect(script, path).toContain(`nonce="${nonce}"`);
    expect(html).not.toContain('nonce="known"');
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(6);
  await api.dispose();
});

test('pages, files and answers of the API have the headers that a review asks for', async () => {
  const api = await http.newContext();
  const { url } = recorded.world;
  const html = await (await api.get(url)).text();
  const script = /src="(\/_next\/static\/[^"]+)"/.exec(html)?.[1] ?? '';
  for (const path of ['/', '/checks', script, '/api/v1/topology', '/api/v1/nothing', '/metrics', '/s/none']) {
    const answer = await api.get(`${url}${path}`);
    const sent = answer.headers();
    expect(sent, path).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(sent['content-security-policy'], path).toContain("frame-ancestors 'none'");
    expect(sent['permissions-policy'], path).toContain('camera=()');
    expect(sent['x-powered-by'], path).toBeUndefined();
    if (!path.startsWith('/_next')) expect(sent['strict-transport-security'], path).toBe('max-age=31536000');
    if (!path.startsWith('/api') && path !== '/metrics') continue;
    expect(sent['content-security-policy'], path).toContain("default-src 'none'");
    expect(sent['x-request-id'], path).toMatch(/^[\w-]{36}$/);
  }
  await api.dispose();
});

test('there is no image optimizer, and no page that anything but a look reaches', async () => {
  const api = await http.newContext();
  const { url } = recorded.world;
  expect((await api.get(`${url}/_next/image?url=%2Ficon.svg&w=640&q=75`)).status()).toBe(404);
  const tries: readonly Record<string, string>[] = [
    { 'next-action': 'a'.repeat(40) },
    { 'content-type': 'multipart/form-data; boundary=x' },
  ];
  for (const headers of tries) {
    const answer = await api.post(`${url}/`, { headers, data: '--x--' });
    expect(answer.status()).toBe(405);
  }
  expect((await api.delete(`${url}/checks`)).status()).toBe(405);
  await api.dispose();
});
