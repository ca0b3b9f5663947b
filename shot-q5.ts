import { createServer, request } from 'node:http';
import { chromium } from '@playwright/test';
import { ADMIN } from '@/server/testing/leak-matrix';
import { startTwoTenants } from '@/server/testing/two-tenants';
void ADMIN;
const world = await startTwoTenants();
let ns = 'alfax-ns';
const pages = process.env.PAGES_PORT ?? '4100';
const proxy = createServer((req, res) => {
  const api = (req.url ?? '').startsWith('/api') || (req.url ?? '').startsWith('/go');
  const target = api ? new URL(world.url) : new URL(`http://127.0.0.1:${pages}`);
  const up = request({ host: target.hostname, port: target.port, path: req.url, method: req.method, headers: { ...req.headers, host: `localhost:${target.port}`, ...(api ? { 'x-test-namespaces': ns } : {}) } }, (r) => {
    res.writeHead(r.statusCode ?? 500, r.headers);
    r.pipe(res);
  });
  up.on('error', () => res.destroy());
  res.on('close', () => up.destroy());
  req.pipe(up);
});
await new Promise<void>((d) => proxy.listen(4101, '127.0.0.1', d));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (const scheme of ['light', 'dark'] as const)
  for (const [w, h] of [[1440, 900], [390, 844]] as const) {
    for (const [name, n, path] of [['part', 'alfax-ns', '/'], ['nothing', '', '/'], ['shared', 'ingress-nginx', '/'], ['focus', 'alfax-ns', '/?focus=host:shared.example&select=host:shared.example']] as const) {
      ns = n;
      const context = await browser.newContext({ viewport: { width: w, height: h }, colorScheme: scheme });
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:4101${path}`);
      await page.waitForTimeout(6000);
      await page.screenshot({ path: `/tmp/q5-${name}-${w}-${scheme}.png` });
      if (name === 'part' && w > 1000 && scheme === 'light') {
        const card = page.locator('.react-flow__node', { hasText: 'Hidden' }).first();
        if (await card.count()) { await card.click(); await page.waitForTimeout(1500); await page.screenshot({ path: '/tmp/q5-inspector.png' }); }
      }
      await context.close();
    }
  }
await browser.close();
proxy.close(); proxy.closeAllConnections();
await world.close();
process.exit(0);
