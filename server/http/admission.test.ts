import { beforeEach, describe, expect, test } from 'vitest';
import { ADMISSION_LIMITS, Admission, type AdmissionLimits } from './admission';

const once = { burst: 2, everyMs: 1000 };
const LIMITS: AdmissionLimits = {
  buckets: { cheap: { burst: 3, everyMs: 1000 }, costly: once, snapshot: once, write: once },
  costlyAtOnce: 2,
  streamsOfOne: 2,
};

let now = 0;
let admission: Admission;
beforeEach(() => {
  now = 0;
  admission = new Admission(LIMITS, () => now);
});

const ok = () => Promise.resolve(new Response('ok'));

function ask(path: string, from = '203.0.113.7', work: () => Promise<Response> = ok, method = 'GET') {
  const peers = { callerOf: () => from, isOwnMachine: () => from === '127.0.0.1' };
  return admission.serve(new Request(`http://localhost${path}`, { method }), peers, work);
}

async function statuses(count: number, path: string, from?: string, method?: string): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < count; i += 1) all.push((await ask(path, from, ok, method)).status);
  return all;
}

describe('an address that asks too much', () => {
  test.each([
    ['/api/v1/topology?at=2026-01-01T00:00:00Z', 'GET', 2],
    ['/api/v1/history', 'GET', 2],
    ['/api/v1/diff', 'GET', 2],
    ['/api/v1/objects/core/v1/pods/a/b', 'GET', 2],
    ['/api/v1/snapshots/x', 'GET', 2],
    ['/api/v1/marks/x', 'PUT', 2],
    ['/api/v1/topology', 'GET', 3],
    ['/go', 'GET', 3],
  ])('is told to wait: %s %s', async (path, method, burst) => {
    const wanted = Array.from({ length: 5 }, (_, index) => (index < burst ? 200 : 429));
    expect(await statuses(5, path, undefined, method)).toEqual(wanted);
    const refused = await ask(path, undefined, ok, method);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
  });

  test('does not use up what others may ask, and may ask again later', async () => {
    await statuses(9, '/api/v1/history');
    expect(await statuses(1, '/api/v1/history', '203.0.113.8')).toEqual([200]);
    now += 1000;
    expect(await statuses(2, '/api/v1/history')).toEqual([200, 429]);
  });

  test('does not keep probes and scrapes out, nor who sits at the machine', async () => {
    expect(await statuses(20, '/healthz')).not.toContain(429);
    expect(await statuses(20, '/metrics')).not.toContain(429);
    expect(await statuses(20, '/api/v1/history', '127.0.0.1')).not.toContain(429);
  });
});

test('only so many look up the past at once, whoever they are', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((done) => {
    release = done;
  });
  const slow = async () => {
    await held;
    return new Response('ok');
  };
  const busy = [ask('/api/v1/diff', '203.0.113.1', slow), ask('/api/v1/diff', '203.0.113.2', slow)];
  const refused = await ask('/api/v1/diff', '203.0.113.3');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
  expect((await ask('/api/v1/topology', '203.0.113.3')).status).toBe(200);
  release();
  expect((await Promise.all(busy)).map(({ status }) => status)).toEqual([200, 200]);
  expect((await ask('/api/v1/diff', '203.0.113.3')).status).toBe(200);
});

describe('streams of one address', () => {
  const stream = (work: UnderlyingDefaultSource<Uint8Array>) => () =>
    Promise.resolve(new Response(new ReadableStream(work)));
  const open = (from: string, work: UnderlyingDefaultSource<Uint8Array> = {}) =>
    ask('/api/v1/stream', from, stream(work));

  test('are few, and one that ends, however it does, makes room', async () => {
    const address = '203.0.113.9';
    let close: () => void = () => undefined;
    const gone = await open(address);
    const done = await open(address, {
      start: (controller) => {
        close = () => controller.close();
      },
    });
    now += 10_000;
    const refused = await open(address);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    expect((await open('203.0.113.10')).status).toBe(200);
    await gone.body?.cancel();
    now += 10_000;
    expect((await open(address)).status).toBe(200);
    now += 10_000;
    expect((await open(address)).status).toBe(503);
    close();
    expect(await done.text()).toBe('');
    now += 10_000;
    const failing = await open(address, { pull: () => Promise.reject(new Error('cut')) });
    await expect(failing.text()).rejects.toThrow('cut');
    now += 10_000;
    expect((await open(address)).status).toBe(200);
  });

  test('that were refused are not counted', async () => {
    const refuse = () => Promise.resolve(new Response('no', { status: 503 }));
    for (let i = 0; i < 3; i += 1) {
      await ask('/api/v1/stream', '203.0.113.11', refuse);
      now += 10_000;
    }
    await expect(ask('/api/v1/stream', '203.0.113.11', () => Promise.reject(new Error('x')))).rejects.toThrow(
      'x',
    );
    now += 10_000;
    expect((await open('203.0.113.11')).status).toBe(200);
  });
});

test('a person with a page never meets the limits', () => {
  // A page asks four times a second while the timeline is dragged.
  expect(1000 / ADMISSION_LIMITS.buckets.costly.everyMs).toBeGreaterThan(4);
});
