import { card, cardIn, lines, problem, rail, rule } from './support/page';
import { expect, test } from './support/test';
import { World } from './support/world';

const SHOP = '/api/v1/namespaces/shop';
const INGRESSES = '/apis/networking.k8s.io/v1/namespaces/shop/ingresses';
const WEAR = rule('shop', 'ingress-wear-watch', 'www.my-online-store.com', '/wear');
const WATCH = rule('shop', 'ingress-wear-watch', 'www.my-online-store.com', '/watch');
const BALANCER = { service: 'ingress-nginx/ingress-nginx-controller' };

/** Answers are kept for five seconds; a name that does not exist is asked for again after up to ten. */
const TTL = { timeout: 20_000 };

let world: World;

test.beforeAll(async () => {
  world = await World.start({
    scenario: 'online-store',
    prepare: (kube) => kube.dns({ name: 'wear.my-online-store.com', ttl: 5, target: BALANCER }),
  });
});
test.afterAll(() => world.stop());

test.beforeEach(async ({ page }) => {
  await page.goto(world.url);
  await expect(rail(page)).toContainText('No fault found');
  await expect(cardIn(page, WEAR, 'ok')).toBeVisible();
});

test.afterEach(async ({ page }) => {
  await expect(rail(page)).toContainText('No fault found');
  await expect(page.locator('.atlas-card:not([data-status=ok])')).toHaveCount(0);
  await expect(page.locator('.atlas-edge:not([data-status=ok])')).toHaveCount(0);
});

test('a Deployment scaled to zero breaks its ways and says why; scaled up again they are whole', async ({
  page,
}) => {
  await world.kube.scale('shop', 'wear', 0);
  await expect(problem(page, /wear.* → 503/)).toContainText('scaled to zero');
  await expect(problem(page, /wear.* → 503/)).toContainText('www.my-online-store.com/wear');
  await expect(cardIn(page, WEAR, 'broken')).toContainText('→ 503');
  await expect(cardIn(page, 'service:shop/wear-service', 'broken')).toBeVisible();
  await expect(cardIn(page, 'host:www.my-online-store.com', 'degraded')).toBeVisible();
  await expect(cardIn(page, 'host:wear.my-online-store.com', 'broken')).toBeVisible();
  await expect(lines(page, `routes:${WEAR}>`, 'broken')).toHaveCount(1);
  await expect(lines(page, `routes:${WATCH}>`, 'ok')).toHaveCount(1);
  await world.kube.scale('shop', 'wear', 3);
  await expect(cardIn(page, WEAR, 'ok')).toBeVisible();
});

test('a deleted TLS Secret is drawn as missing until it is there again', async ({ page }) => {
  const secret = await world.kube.get(`${SHOP}/secrets/online-store-tls`);
  await world.kube.delete(`${SHOP}/secrets/online-store-tls`);
  await expect(cardIn(page, 'secret:shop/online-store-tls', 'broken')).toHaveAttribute(
    'title',
    /not found in shop/,
  );
  await expect(problem(page, /https:\/\/.*bad certificate/)).toContainText('online-store-tls');
  await world.kube.restore(`${SHOP}/secrets`, secret);
  await expect(card(page, 'secret:shop/online-store-tls')).toHaveCount(0);
});

test('a deleted Service stays in the picture as a ghost with a broken line to it', async ({ page }) => {
  const service = await world.kube.get(`${SHOP}/services/watch-service`);
  await world.kube.delete(`${SHOP}/services/watch-service`);
  await expect(cardIn(page, 'service:shop/watch-service', 'broken')).toHaveAttribute(
    'title',
    /not found in shop/,
  );
  await expect(lines(page, `routes:${WATCH}>service:shop/watch-service`, 'broken')).toHaveCount(1);
  await expect(problem(page, /watch.* → 503/)).toContainText('Service watch-service does not exist');
  await world.kube.restore(`${SHOP}/services`, service);
  await expect(cardIn(page, WATCH, 'ok')).toBeVisible();
});

test('a class that does not exist leaves the Ingress to nobody', async ({ page }) => {
  const path = `${INGRESSES}/ingress-wear-watch`;
  await world.kube.patch(path, { spec: { ingressClassName: 'ngnix' } });
  await expect(cardIn(page, 'class:ngnix', 'broken')).toBeVisible();
  await expect(cardIn(page, 'controller:none', 'broken')).toContainText('nobody serves');
  await expect(problem(page, /www.* not served/)).toContainText('ngnix');
  await expect(cardIn(page, WATCH, 'broken')).toBeVisible();
  await world.kube.patch(path, { spec: { ingressClassName: 'nginx' } });
  await expect(card(page, 'controller:none')).toHaveCount(0);
});

test('a DNS record that points elsewhere is told as an address not known here', async ({ page }) => {
  const name = 'wear.my-online-store.com';
  await world.kube.dns({ name, ttl: 5, type: 'A', values: ['198.51.100.66'] });
  await expect(cardIn(page, `host:${name}`, 'unknown')).toBeVisible(TTL);
  await expect(card(page, 'address:198.51.100.66')).toBeVisible(TTL);
  await expect(rail(page).getByRole('button').filter({ hasText: '198.51.100.66' })).toContainText(
    '203.0.113.10',
  );
  await world.kube.dns({ name, ttl: 5, target: BALANCER });
  await expect(cardIn(page, `host:${name}`, 'ok')).toBeVisible(TTL);
});

test('a DNS record that is gone breaks the first link', async ({ page }) => {
  const name = 'wear.my-online-store.com';
  await world.kube.dns({ name, remove: true });
  await expect(cardIn(page, `host:${name}`, 'broken')).toContainText('name does not exist', TTL);
  await expect(problem(page, `${name} → does not resolve`)).toBeVisible(TTL);
  await expect(lines(page, `resolves:host:${name}>`, 'broken')).toHaveCount(1);
  await world.kube.dns({ name, ttl: 5, target: BALANCER });
  await expect(cardIn(page, `host:${name}`, 'ok')).toBeVisible(TTL);
});

test('a new Ingress appears by itself, and goes when it is deleted', async ({ page }) => {
  const name = 'new.my-online-store.com';
  const backend = { service: { name: 'wear-service', port: { number: 80 } } };
  await world.kube.dns({ name, ttl: 5, target: BALANCER });
  await world.kube.create(INGRESSES, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'new', namespace: 'shop' },
    spec: {
      ingressClassName: 'nginx',
      rules: [{ host: name, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  });
  await expect(cardIn(page, `host:${name}`, 'ok')).toBeVisible();
  await world.kube.delete(`${INGRESSES}/new`);
  await expect(card(page, `host:${name}`)).toHaveCount(0);
});
