/* The image's files as the chart runs them: as its user, with its settings, without a place of their own to write. */
import { constants } from 'node:os';
import { expect, test } from '@playwright/test';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { openStream } from '@/server/testing/open-stream';
import { IMAGE_USER, Image, isRoot, listing } from './support/image';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

let sandbox: Sandbox;
let image: Image;
let before: readonly string[];

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  // Also builds, where nobody has yet.
  test.setTimeout(300_000);
  sandbox = await startSandbox({ scenario: 'online-store-incident', speed: 20 });
  image = await Image.make();
  before = listing(image.tree);
  await image.start(sandbox);
});
test.afterAll(async () => {
  await image.remove();
  await sandbox.close();
});

const get = (path: string) => fetch(`${image.url}${path}`);

test('nobody may write what the image runs', () => {
  const writable = before.filter((line) => {
    const [, mode = '0'] = /^.+? (\d+) [\d.]+ \S*$/.exec(line) ?? [];
    const kind = Number.parseInt(mode, 8);
    // The rights of a link are those of where it leads.
    return (kind & 0o170000) !== 0o120000 && (kind & 0o222) !== 0;
  });
  expect(before.length).toBeGreaterThan(500);
  expect(writable).toEqual([]);
});

test('it runs as the user of the image, and as nobody who could', async () => {
  test.skip(
    process.platform !== 'linux',
    'the image is for Linux, and its processes are looked up as Linux tells them',
  );
  test.info().annotations.push({
    type: 'user',
    description: isRoot ? String(IMAGE_USER) : 'not started by root: runs as whoever runs the tests',
  });
  if (isRoot) expect(image.user).toBe(IMAGE_USER);
  else expect(image.user).not.toBe(0);
});

test('the page and what it loads are there', async () => {
  const page = await get('/');
  expect(page.status).toBe(200);
  const html = await page.text();
  const loaded = [...html.matchAll(/"(\/_next\/static\/[^"\\]+\.(?:js|css))"/g)].map(([, path = '']) => path);
  expect(loaded.length).toBeGreaterThan(3);
  for (const path of new Set(loaded)) expect([path, (await get(path)).status]).toEqual([path, 200]);
});

test('its stream delivers the cluster', async () => {
  const stream = await openStream(`${image.url}/api/v1/stream`);
  await expect.poll(() => stream.client.states.get('main')?.nodes.size ?? 0).toBeGreaterThan(20);
  await stream.close();
});

test('a snapshot is taken, kept, shown and drawn', async () => {
  const made = await fetch(`${image.url}/api/v1/snapshots`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ note: 'from the image' }),
  });
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as { id: string };
  const picture = await get(`/api/v1/snapshots/${id}/image.png`);
  expect(picture.headers.get('content-type')).toBe('image/png');
  const bytes = Buffer.from(await picture.arrayBuffer());
  expect(bytes.subarray(0, PNG.length)).toEqual(PNG);
  // An empty card of this size is a tenth of it.
  expect(bytes.length).toBeGreaterThan(20_000);
  const page = await get(`/s/${id}`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('from the image');
});

test('it ends when it is told to, and has written nothing but its history', async () => {
  // It has ended by itself, and says by which signal; one that is killed has no status.
  expect(await image.stop()).toBe(128 + constants.signals.SIGTERM);
  expect(listing(image.tree)).toEqual(before);
  expect(image.written.filter((path) => !path.startsWith('data/history.sqlite'))).toEqual([]);
  expect(image.written).toContain('data/history.sqlite');
  const faults = image.log.split('\n').filter((line) => /EACCES|EROFS|EPERM|Error:|"level":[56]0/.test(line));
  expect(faults).toEqual([]);
});
