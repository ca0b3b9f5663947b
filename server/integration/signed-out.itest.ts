/* Who signs out at one replica is signed out at all, and stays so when one starts anew. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { DATABASES, type TestDatabase } from '@/server/recorder/testing/databases';
import { Browser } from '@/server/testing/browser';
import { ADMIN_TOKEN, addPeople } from '@/server/testing/cluster-people';
import { openStream, until } from '@/server/testing/open-stream';
import { ServerProcess } from '@/server/testing/server-process';

const KEY = randomBytes(32).toString('base64');
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'online-store', speed: 50 });
  await addPeople(sandbox);
});
afterAll(() => sandbox.close());

async function replica(database: string): Promise<{ readonly server: ServerProcess; readonly url: string }> {
  const server = new ServerProcess({
    KUBECONFIG: sandbox.kubeconfig,
    ATLAS_AUTH: 'kubernetes',
    ATLAS_DNS: 'off',
    ATLAS_SESSION_KEY: KEY,
    DATABASE_URL: database,
  });
  const url = await server.url();
  const { headers } = { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } };
  await until('the database is open', async () =>
    (await (await fetch(`${url}/readyz`, { headers })).text()).includes('"synced":true'),
  );
  return { server, url };
}

async function signedIn(url: string): Promise<{ readonly browser: Browser; readonly cookie: string }> {
  const browser = new Browser(url);
  expect((await browser.ask('/auth/token', { form: { token: ADMIN_TOKEN } })).status).toBe(303);
  return { browser, cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; ') };
}

const statusAt = async (url: string, cookie: string) =>
  (await fetch(`${url}/api/v1/clusters`, { headers: { cookie } })).status;

describe.each(DATABASES.filter(({ name }) => name.startsWith('PostgreSQL')))('on $name', ({ open, skip }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    if (!skip) database = await open();
  }, 60_000);
  afterAll(() => database?.close());
  beforeEach(({ skip: skipTest }) => skipTest(skip, 'no PostgreSQL server is installed'));

  it('a copy of the cookie is worth nothing at the other replica, and its stream there ends', async () => {
    const url = await database.fresh();
    const [one, two] = [await replica(url), await replica(url)];
    const { browser, cookie } = await signedIn(one.url);
    const other = await signedIn(two.url);
    expect(await statusAt(two.url, cookie)).toBe(200);
    const stream = await openStream(`${two.url}/api/v1/stream`, { cookie });
    expect((await browser.ask('/auth/logout', { method: 'POST' })).status).toBe(204);
    await until('the stream there says goodbye', () =>
      stream.client.events.some(({ name, data }) => name === 'bye' && data.includes('you have signed out')),
    );
    expect(await statusAt(two.url, cookie)).toBe(401);
    expect(await statusAt(two.url, other.cookie)).toBe(200);
    await stream.close();
    await Promise.all([one.server.stop(), two.server.stop()]);
  });
});

it('a copy of the cookie is worth nothing after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-'));
  const database = `sqlite:${join(folder, 'history.sqlite')}`;
  const before = await replica(database);
  const { browser, cookie } = await signedIn(before.url);
  const kept = await signedIn(before.url);
  await browser.ask('/auth/logout', { method: 'POST' });
  await before.server.stop();
  const after = await replica(database);
  await until('it is known here', async () => (await statusAt(after.url, cookie)) === 401);
  expect(await statusAt(after.url, kept.cookie)).toBe(200);
  await after.server.stop();
  await rm(folder, { recursive: true });
});
