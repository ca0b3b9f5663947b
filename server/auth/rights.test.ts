import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attributes } from './reviews';
import { RightsCache } from './rights';
import type { Subject } from './sessions';

const ALICE = { user: 'alice', groups: ['b', 'a'], extra: {}, ended: new AbortController().signal };
const NAMESPACES = ['shop', 'pay', 'ops'];
let now: number;
let asked: string[];
let allowed: (subject: Subject, asked: Attributes) => boolean | Promise<boolean>;
let errors: unknown[];

const reviews = {
  mayDo: (subject: Subject, attributes: Attributes) => {
    asked.push(
      'path' in attributes
        ? `${subject.user} ${attributes.path}`
        : `${subject.user} ${attributes.verb} ${attributes.resource} ${attributes.namespace || '*'}`,
    );
    return Promise.resolve(allowed(subject, attributes));
  },
};
const cache = () => new RightsCache({ reviews, now: () => now, onError: (error) => errors.push(error) });
const within =
  (...namespaces: string[]) =>
  (_: Subject, attributes: Attributes) =>
    'namespace' in attributes && namespaces.includes(attributes.namespace);

beforeEach(() => {
  [now, asked, errors] = [1_000_000, [], []];
  allowed = () => true;
});
afterEach(() => vi.useRealTimers());

describe('rights', () => {
  it('to everything are asked for once, across the cluster', async () => {
    expect(await cache().rightsOf(ALICE, NAMESPACES)).toEqual({ all: true });
    expect(asked).toEqual(['alice list services *', 'alice list ingresses *', 'alice list pods *']);
  });

  it('are those namespaces in which all three may be listed', async () => {
    allowed = (_, attributes) =>
      within('shop', 'pay')(_, attributes) &&
      !('resource' in attributes && attributes.namespace === 'pay' && attributes.resource === 'pods');
    expect(await cache().rightsOf(ALICE, NAMESPACES)).toEqual({
      all: false,
      namespaces: new Set(['shop']),
      reason: '',
    });
  });

  it('hold for a while, for everybody who is the same to RBAC, and for namespaces that are new', async () => {
    allowed = within('shop', 'new');
    const rights = cache();
    await rights.rightsOf(ALICE, NAMESPACES);
    const before = asked.length;
    now += 44_000;
    await rights.rightsOf({ ...ALICE, groups: ['a', 'b'] }, NAMESPACES);
    expect(asked).toHaveLength(before);
    expect(await rights.rightsOf(ALICE, ['shop', 'new'])).toMatchObject({
      namespaces: new Set(['shop', 'new']),
    });
    expect(asked.slice(before)).toEqual([
      'alice list services new',
      'alice list ingresses new',
      'alice list pods new',
    ]);
    now += 2000;
    allowed = () => false;
    expect(await rights.rightsOf(ALICE, NAMESPACES)).toMatchObject({ namespaces: new Set() });
  });

  it.each([
    ['name', { ...ALICE, user: 'bob' }],
    ['groups', { ...ALICE, groups: ['a'] }],
    ['extra', { ...ALICE, extra: { scope: ['x'] } }],
    ['name that looks like another’s groups', { ...ALICE, user: 'alice","a' }],
  ])('are nobody else’s: another %s is asked for anew', async (_, other) => {
    const rights = cache();
    await rights.rightsOf(ALICE, NAMESPACES);
    allowed = () => false;
    expect(await rights.rightsOf(other, NAMESPACES)).toMatchObject({ all: false, namespaces: new Set() });
  });

  it('are none where the cluster does not answer, with the reason, and asked for again at once', async () => {
    const rights = cache();
    allowed = () => Promise.reject(new Error('the cluster cannot be reached'));
    expect(await rights.rightsOf(ALICE, NAMESPACES)).toEqual({
      all: false,
      namespaces: new Set(),
      reason: `Your rights could not be asked for since ${minute(now)} UTC: the cluster cannot be reached.`,
    });
    expect(errors).toHaveLength(1);
    const first = minute(now);
    now += 150_000;
    expect(await rights.rightsOf(ALICE, NAMESPACES)).toMatchObject({
      reason: expect.stringContaining(first),
    });
    allowed = () => true;
    expect(await rights.rightsOf(ALICE, NAMESPACES)).toEqual({ all: true });
    now += 100_000;
    allowed = () => Promise.reject(new Error('again'));
    expect(await rights.rightsOf(ALICE, NAMESPACES)).toMatchObject({
      reason: expect.stringContaining(minute(now)),
    });
  });

  it('are none where only some of the questions were answered', async () => {
    allowed = (_, attributes) => {
      if ('namespace' in attributes && attributes.namespace === 'ops') throw new Error('no answer');
      return within('shop')(_, attributes);
    };
    expect(await cache().rightsOf(ALICE, NAMESPACES)).toMatchObject({ all: false, namespaces: new Set() });
  });

  it('to one object are asked for by its name, and are no where the cluster does not answer', async () => {
    const secret = { group: '', version: 'v1', resource: 'secrets', namespace: 'shop', name: 'tls' };
    allowed = (_, attributes) => 'name' in attributes && attributes.name === 'tls';
    expect(await cache().mayGetObject(ALICE, secret)).toBe(true);
    expect(await cache().mayGetObject(ALICE, { ...secret, name: 'other' })).toBe(false);
    expect(asked).toEqual(['alice get secrets shop', 'alice get secrets shop']);
    allowed = () => Promise.reject(new Error('no'));
    expect(await cache().mayGetObject(ALICE, secret)).toBe(false);
  });

  it('to a path are no where the cluster does not answer', async () => {
    expect(await cache().mayGet(ALICE, '/metrics')).toBe(true);
    allowed = () => Promise.reject(new Error('no'));
    expect(await cache().mayGet(ALICE, '/metrics')).toBe(false);
  });
});

const minute = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ');

describe('rights that are watched', () => {
  it('are told of once when they change, and not while they do not', async () => {
    vi.useFakeTimers();
    allowed = within('shop');
    const rights = new RightsCache({ reviews, onError: (error) => errors.push(error) });
    const told = vi.fn();
    rights.watch(ALICE, await rights.rightsOf(ALICE, NAMESPACES), () => NAMESPACES, told);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(told).not.toHaveBeenCalled();
    allowed = within('shop', 'pay');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(told).toHaveBeenCalledTimes(1);
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(300_000);
    expect(asked).toHaveLength(before);
  });

  it('are lost where the cluster stops answering', async () => {
    vi.useFakeTimers();
    const rights = new RightsCache({ reviews, onError: (error) => errors.push(error) });
    const told = vi.fn();
    rights.watch(ALICE, await rights.rightsOf(ALICE, NAMESPACES), () => NAMESPACES, told);
    allowed = () => Promise.reject(new Error('no'));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('are asked for again soon while the cluster does not answer', async () => {
    vi.useFakeTimers();
    const rights = new RightsCache({ reviews, onError: (error) => errors.push(error) });
    const told = vi.fn();
    allowed = () => Promise.reject(new Error('no'));
    rights.watch(ALICE, await rights.rightsOf(ALICE, NAMESPACES), () => NAMESPACES, told);
    allowed = () => true;
    await vi.advanceTimersByTimeAsync(13_000);
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('are asked for no more when nobody wants to know', async () => {
    vi.useFakeTimers();
    const rights = new RightsCache({ reviews, onError: (error) => errors.push(error) });
    const stop = rights.watch(
      ALICE,
      { all: true },
      () => NAMESPACES,
      () => undefined,
    );
    stop();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(asked).toEqual([]);
  });
});
