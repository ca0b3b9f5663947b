/* In a real browser: how long from a snapshot until it is drawn, and from a delta until it is. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from '@playwright/test';
import { startCluster } from '../measure/cluster';
import { startDashboard } from '../measure/dashboard';
import { namespacesOf, readyPods } from '../measure/pods';
import type { Result } from '../measure/report';
import { sizeWords } from '../measure/sizes';
import { quantile } from '../measure/statistics';
import type { Setup } from './setup';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';
const NODES_WANTED = 300;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What the page's own notes are called. */
interface Notes {
  snapshotAt: number | null;
  nodesOfSnapshot: number;
  drawnAt: number | null;
  deltaAt: number | null;
  mutatedAt: number | null;
  deltas: number[];
}

export async function measureBrowser({ folder, sizes, quick }: Setup): Promise<Result> {
  const cluster = await startCluster(sizes);
  const dashboard = await startDashboard(folder, cluster);
  const executablePath = [process.env.PW_CHROMIUM, SYSTEM_CHROMIUM].find((path) => path && existsSync(path));
  const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: FLAGS });
  try {
    await dashboard.synced();
    await sleep(2000);
    const filters = await filtersFor(dashboard.url, await namespacesOf(cluster));
    const first: number[] = [];
    const nodes: number[] = [];
    const loads = quick ? 3 : 7;
    for (let i = 0; i < loads; i++) {
      const { notes, page } = await load(browser, `${dashboard.url}/?${filters}`);
      first.push((notes.drawnAt ?? Number.NaN) - (notes.snapshotAt ?? Number.NaN));
      nodes.push(notes.nodesOfSnapshot);
      await page.context().close();
    }
    const { page } = await load(browser, `${dashboard.url}/?${filters}`);
    await sleep(1500);
    const pods = await readyPods(dashboard.url, filters);
    const flips = quick ? 20 : 60;
    for (let i = 0; i < flips; i++) {
      const pod = pods[Math.floor(i / 2) % pods.length];
      if (pod) await cluster.setReady(pod.namespace, pod.name, i % 2 === 1);
      await sleep(350);
    }
    const deltas = await page.evaluate(() => (window as unknown as { benchNotes: Notes }).benchNotes.deltas);
    return {
      name: 'browser',
      on: `${sizeWords(sizes)}; a view of ${nodes[0]} nodes`,
      figures: [
        {
          name: 'snapshot → first drawn',
          value: quantile(first, 0.5),
          unit: 'ms',
          target: 1000,
          how: `median of ${loads} loads`,
        },
        {
          name: 'delta → drawn, p50',
          value: quantile(deltas, 0.5),
          unit: 'ms',
          target: 100,
          how: `${deltas.length} deltas`,
        },
        {
          name: 'delta → drawn, p99',
          value: quantile(deltas, 0.99),
          unit: 'ms',
          how: `${deltas.length} deltas`,
        },
      ],
      samples: { first, deltas, nodes },
    };
  } finally {
    await browser.close();
    await dashboard.stop();
    await cluster.stop();
  }
}

/** As many namespaces as make a view of about the wanted size. */
async function filtersFor(url: string, namespaces: readonly string[]): Promise<string> {
  let filters = '';
  for (const namespace of namespaces) {
    filters += `${filters === '' ? '' : '&'}namespace=${encodeURIComponent(namespace)}`;
    const response = await fetch(`${url}/api/v1/topology?${filters}`);
    const { nodes } = (await response.json()) as { nodes: readonly unknown[] };
    if (nodes.length >= NODES_WANTED) break;
  }
  return filters;
}

async function load(
  browser: Awaited<ReturnType<typeof chromium.launch>>,
  url: string,
): Promise<{ notes: Notes; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  // What runs this file names functions with a helper that the page does not have.
  await page.addInitScript({ content: `globalThis.__name = (fn) => fn; (${String(takeNotes)})();` });
  await page.goto(url);
  await page.waitForFunction(
    () => (window as unknown as { benchNotes: Notes }).benchNotes.drawnAt !== null,
    undefined,
    {
      timeout: 60_000,
    },
  );
  const notes = await page.evaluate(() => (window as unknown as { benchNotes: Notes }).benchNotes);
  return { notes, page };
}

/**
 * Runs in the page before its own scripts: notes when the connection hands a message to the tab, and when the graph has
 * changed after it and the browser has painted (a frame, and the task after it).
 */
function takeNotes(): void {
  const notes: Notes = {
    snapshotAt: null,
    nodesOfSnapshot: 0,
    drawnAt: null,
    deltaAt: null,
    mutatedAt: null,
    deltas: [],
  };
  (window as unknown as { benchNotes: Notes }).benchNotes = notes;
  const painted = (then: (at: number) => void) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => then(performance.now());
      channel.port2.postMessage(null);
    });
  const heard = (data: unknown) => {
    const { message } = (data ?? {}) as {
      message?: { event?: string; type?: string; data?: { nodes?: unknown } };
    };
    const kind = message?.event ?? message?.type;
    if (kind === 'snapshot') {
      const nodes = message?.data?.nodes;
      if (Array.isArray(nodes) && nodes.length > 0) {
        notes.snapshotAt ??= performance.now();
        notes.nodesOfSnapshot ||= nodes.length;
      }
    }
    if (kind === 'delta' && notes.drawnAt !== null) notes.deltaAt ??= performance.now();
  };
  const own = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage');
  Object.defineProperty(MessagePort.prototype, 'onmessage', {
    ...own,
    set(this: MessagePort, handler: ((event: MessageEvent) => void) | null) {
      own?.set?.call(this, (event: MessageEvent) => {
        heard(event.data);
        handler?.call(this, event);
      });
    },
  });
  const changed = () => {
    const first = notes.snapshotAt !== null && notes.drawnAt === null;
    const graph = document.querySelectorAll('.react-flow__node').length > 0;
    if (first && graph)
      painted((at) => {
        notes.drawnAt ??= at;
      });
    const delta = notes.deltaAt;
    if (delta === null) return;
    notes.deltaAt = null;
    painted((at) => notes.deltas.push(at - delta));
  };
  // Only the graph: clocks elsewhere on the page tick without a delta.
  new MutationObserver((records) => {
    const isGraph = ({ target }: MutationRecord) =>
      target instanceof Element && target.closest('.react-flow') !== null;
    if (notes.drawnAt === null || records.some(isGraph)) changed();
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}
