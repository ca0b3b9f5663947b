import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SIGN_IN_TYPE } from '@/lib/wire/sign-in';
import { Hub } from './hub';
import type { ToTab } from './protocol';

class FakeSource {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readonly listeners = new Map<string, (event: { data: string; lastEventId: string }) => void>();
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readyState = 1;
  readonly url: URL;

  constructor(url: string) {
    this.url = new URL(url, 'http://x');
    FakeSource.all.push(this);
  }
  addEventListener(type: string, listen: (event: { data: string; lastEventId: string }) => void) {
    this.listeners.set(type, listen);
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
  send(type: string, data: object, id = '') {
    this.listeners.get(type)?.({ data: JSON.stringify(data), lastEventId: id });
  }
  get views() {
    return this.url.searchParams.getAll('view');
  }
}

const open = () => FakeSource.all.filter((source) => source.readyState !== FakeSource.CLOSED);
const current = () => open()[0] as FakeSource;
const snapshot = (view: string, version = 1) => ({
  view,
  epoch: 'e',
  version,
  takenAt: '',
  cluster: {},
  coverage: [],
  nodes: [],
  edges: [],
  findings: [],
  summary: {},
});
const none = { upsert: [], remove: [] };

function tabOf(hub: Hub, tab: string) {
  const got: ToTab[] = [];
  const want = (filters: string) =>
    hub.receive({ type: 'open', tab, filters }, (message) => got.push(message));
  const messages = () => got.filter((message) => message.type === 'message');
  const link = () => got.filter((message) => message.type === 'link').at(-1)?.link;
  return { want, messages, link, close: () => hub.receive({ type: 'close', tab }, () => undefined) };
}

beforeEach(() => {
  FakeSource.all = [];
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('tabs with equal filters share one view on one connection; the second has its picture at once', () => {
  const hub = new Hub('/s');
  const a = tabOf(hub, 'a');
  a.want('q=x');
  current().send('snapshot', snapshot('v0'), 'e.1');
  const b = tabOf(hub, 'b');
  b.want('q=x');
  expect(open()).toHaveLength(1);
  expect(b.messages()).toHaveLength(1);
});

test('another view joins the same connection, and each tab hears its own only', () => {
  const hub = new Hub('/s');
  const a = tabOf(hub, 'a');
  const b = tabOf(hub, 'b');
  a.want('');
  b.want('q=x');
  expect(open()).toHaveLength(1);
  expect(current().views).toEqual(['v0:', 'v1:q=x']);
  current().send('snapshot', snapshot('v1'));
  expect([a.messages().length, b.messages().length]).toEqual([0, 1]);
});

test('the last tab closes the line', () => {
  const hub = new Hub('/s');
  const a = tabOf(hub, 'a');
  a.want('');
  a.close();
  expect(open()).toHaveLength(0);
});

test('a gap in the versions asks for fresh snapshots', () => {
  const hub = new Hub('/s');
  tabOf(hub, 'a').want('');
  current().send('snapshot', snapshot('v0'), 'e.1');
  current().send(
    'delta',
    {
      view: 'v0',
      epoch: 'e',
      from: 5,
      version: 6,
      takenAt: '',
      nodes: none,
      edges: none,
      findings: none,
      summary: {},
    },
    'e.6',
  );
  expect(FakeSource.all).toHaveLength(2);
  expect(current().url.searchParams.has('since')).toBe(false);
});

test('a line that went silent is dropped and resumed where it stopped', () => {
  const hub = new Hub('/s');
  const a = tabOf(hub, 'a');
  a.want('');
  current().onopen?.();
  current().send('snapshot', snapshot('v0'), 'e.1');
  expect(a.link()?.state).toBe('open');
  vi.advanceTimersByTime(45_000);
  expect(a.link()?.state).toBe('retrying');
  vi.advanceTimersByTime(1000);
  expect(open()).toHaveLength(1);
  expect(current().url.searchParams.get('since')).toBe('e.1');
});

test('a refusal says why and is tried again', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ detail: 'Sign in to see this.' }, { status: 401 }));
  const hub = new Hub('/s');
  const a = tabOf(hub, 'a');
  a.want('');
  const source = current();
  source.close();
  source.onerror?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(a.link()).toMatchObject({ state: 'unauthorized', problem: 'Sign in to see this.' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(open()).toHaveLength(1);
});

test('each cluster has a connection of its own, which goes with the last tab that shows it', () => {
  const hub = new Hub('/s');
  const [a, b] = [tabOf(hub, 'a'), tabOf(hub, 'b')];
  a.want('budget=5');
  b.want('budget=5&cluster=staging');
  expect(open().map(({ views }) => views)).toEqual([['v0:budget=5'], ['v0:budget=5&cluster=staging']]);
  open()[1]?.send('snapshot', snapshot('v0'));
  expect([a.messages().length, b.messages().length]).toEqual([0, 1]);
  b.want('budget=5');
  expect(open()).toHaveLength(1);
});

test('a browser keeps some connections for everything else: of many clusters the last is refused, with the reason', () => {
  const hub = new Hub('/s');
  const tabs = ['', 'b', 'c', 'd', 'e'].map((cluster, i) => {
    const tab = tabOf(hub, `tab${i}`);
    tab.want(cluster === '' ? '' : `cluster=${cluster}`);
    return tab;
  });
  expect(open()).toHaveLength(4);
  expect(tabs[4]?.link()).toMatchObject({
    state: 'refused',
    problem: expect.stringContaining('Close a tab'),
  });
  tabs[1]?.close();
  tabs[4]?.want('cluster=e');
  expect(open()).toHaveLength(4);
  expect(tabs[4]?.link()?.state).not.toBe('refused');
});

test('who is signed out keeps nothing: not for a tab that comes, nor as a place to go on from', async () => {
  const refusal = { type: SIGN_IN_TYPE, detail: 'Sign in first.' };
  vi.stubGlobal('fetch', async () => Response.json(refusal, { status: 401 }));
  const hub = new Hub('/s');
  const a = tabOf(hub, 'a');
  a.want('');
  current().send('snapshot', snapshot('v0'), 'e.1');
  const source = current();
  source.close();
  source.onerror?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(a.link()).toMatchObject({ state: 'signed-out', problem: 'Sign in first.' });
  const b = tabOf(hub, 'b');
  b.want('');
  expect(b.messages()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(current().url.searchParams.has('since')).toBe(false);
});
