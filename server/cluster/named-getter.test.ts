import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Secret } from '@/lib/kube/objects';
import { type TestCertificate, testCertificate } from './testing/certificates';
import { FakeApi, sendStatus } from './testing/fake-api';
import { pause, type Started, start, until } from './testing/harness';

const SECRETS = '/api/v1/secrets';
const base64 = (value: string): string => Buffer.from(value).toString('base64');
const secret = (name: string, data: Record<string, string> = {}) => ({
  metadata: { name, namespace: 'shop', uid: `uid-${name}` },
  type: 'kubernetes.io/tls',
  data,
});
const pathOf = (name: string): string => `/api/v1/namespaces/shop/secrets/${name}`;

let api: FakeApi;
let running: Started | null = null;
let pair: TestCertificate;
const go = (options: Parameters<typeof start>[2] = {}): Started => {
  running = start(api.url, ['pods'], { config: { namespaces: [], secrets: 'get' }, ...options });
  return running;
};
beforeAll(async () => {
  pair = await testCertificate('shop.example', ['shop.example']);
});
beforeEach(async () => {
  api = await new FakeApi().start();
  api.put('/api/v1/pods', secret('a'));
  api.put(SECRETS, secret('good', { 'tls.crt': base64(pair.certificate), 'tls.key': base64(pair.key) }));
});
afterEach(async () => {
  await running?.watch.stop();
  await api.stop();
});

describe('secrets by name', () => {
  it('are read one by one, never listed, and never carry a value', async () => {
    const { watch, receiver } = go();
    watch.setWanted({ secrets: ['shop/good', 'shop/absent'] });
    await until(() => receiver.secretFacts.size === 2);
    expect(receiver.secretFacts.get('shop/good')).toEqual({ state: 'present', reason: '' });
    expect(receiver.secretFacts.get('shop/absent')?.state).toBe('missing');
    expect((receiver.objects.get('secrets shop/good') as Secret).certificate?.keyMatches).toBe(true);
    expect(receiver.coverage.get('secrets')?.state).toBe('on-demand');
    expect(JSON.stringify(receiver.batches)).not.toContain('PRIVATE KEY');
    expect(JSON.stringify(receiver.batches)).not.toContain(base64(pair.key).slice(0, 40));
    expect(api.lists(SECRETS)).toHaveLength(0);
    expect(api.watches(SECRETS)).toHaveLength(0);
  });

  it('that are missing are asked for again soon, and present ones seldom', async () => {
    const { watch, receiver } = go({ timing: { secretMissingAgain: 40, secretPresentAgain: 60_000 } });
    watch.setWanted({ secrets: ['shop/good', 'shop/late'] });
    await until(() => api.lists(pathOf('late')).length >= 3);
    expect(api.lists(pathOf('good'))).toHaveLength(1);
    api.put(SECRETS, secret('late'));
    await until(() => receiver.secretFacts.get('shop/late')?.state === 'present');
    expect(receiver.keys('secrets')).toEqual(['shop/good', 'shop/late']);
  });

  it('that vanish or change are noticed, and an unchanged one is no news', async () => {
    const { watch, receiver } = go();
    watch.setWanted({ secrets: ['shop/good'] });
    await watch.ready;
    await until(() => receiver.keys('secrets').length === 1 && receiver.facts.has('server '));
    const batches = receiver.batches.length;
    await until(() => api.lists(pathOf('good')).length >= 3);
    expect(receiver.batches.slice(batches)).toEqual([]);
    api.remove(SECRETS, 'shop', 'good');
    await until(
      () =>
        receiver.secretFacts.get('shop/good')?.state === 'missing' && receiver.keys('secrets').length === 0,
    );
  });

  it('that nobody refers to any more are forgotten', async () => {
    const { watch, receiver } = go();
    watch.setWanted({ secrets: ['shop/good'] });
    await until(() => receiver.keys('secrets').length === 1);
    watch.setWanted({ secrets: [] });
    await until(() => receiver.keys('secrets').length === 0 && receiver.secretFacts.size === 0);
    const asked = api.lists(pathOf('good')).length;
    await pause(250);
    expect(api.lists(pathOf('good'))).toHaveLength(asked);
  });

  it('that may not be read are unreadable, with the reason, and coverage says forbidden until it is allowed', async () => {
    api.intercept = ({ path }, response) => {
      if (!path.includes('/secrets/')) return false;
      sendStatus(response, 403, 'secrets "good" is forbidden');
      return true;
    };
    const { watch, receiver } = go();
    watch.setWanted({ secrets: ['shop/good'] });
    await until(() => receiver.secretFacts.get('shop/good')?.state === 'unreadable');
    await until(() => receiver.coverage.get('secrets')?.state === 'forbidden');
    expect(receiver.coverage.get('secrets')?.reason).toContain('is forbidden');
    api.intercept = () => false;
    await until(
      () =>
        receiver.secretFacts.get('shop/good')?.state === 'present' &&
        receiver.state('secrets') === 'on-demand',
    );
  });

  it('keep what is known while the server fails, and say failing', async () => {
    const { watch, receiver } = go({ timing: { failingAfter: 100 } });
    watch.setWanted({ secrets: ['shop/good'] });
    await until(() => receiver.keys('secrets').length === 1);
    api.intercept = ({ path }, response) => {
      if (!path.includes('/secrets/')) return false;
      sendStatus(response, 500, 'no');
      return true;
    };
    await until(() => receiver.state('secrets') === 'failing');
    expect(receiver.secretFacts.get('shop/good')?.state).toBe('present');
    expect(receiver.keys('secrets')).toEqual(['shop/good']);
  });

  it('outside the allowed namespaces are not even asked for', async () => {
    const { watch, receiver } = go({ config: { namespaces: ['pay'], secrets: 'get' } });
    watch.setWanted({ secrets: ['shop/good'] });
    await until(() => receiver.secretFacts.get('shop/good')?.state === 'unreadable');
    expect(api.lists(pathOf('good'))).toHaveLength(0);
  });

  it('are asked for at most eight at once', async () => {
    let open = 0;
    let most = 0;
    api.intercept = ({ path }, response) => {
      if (!path.includes('/secrets/')) return false;
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        sendStatus(response, 404, 'not found');
      }, 10);
      return true;
    };
    const { watch, receiver } = go({ timing: { secretMissingAgain: 5_000 } });
    watch.setWanted({ secrets: Array.from({ length: 100 }, (_, i) => `shop/s-${i}`) });
    await until(() => receiver.secretFacts.size === 100);
    expect(most).toBe(8);
  });
});
