// biome-ignore-all lint/correctness/noEmptyPattern: Playwright reads the wanted fixtures off the pattern
/* oxlint-disable no-empty-pattern */
/* The tests' own `test`: an incident that is only looked at, and what must hold in every test. */
import { type BrowserContext, test as base, expect } from '@playwright/test';
import { forgetServer } from './built-server';
import { World, type WorldOptions } from './world';

interface WorkerFixtures {
  /** The incident scenario, for tests that change nothing. */
  readonly incident: World;
  /** Outlives every server that runs from it. */
  readonly copiedBuild: undefined;
}

interface TestFixtures {
  /** For a test that itself tries what the Content-Security-Policy forbids; in every other a violation is a fault. */
  readonly triesForbidden: boolean;
  /** Starts a cluster and a dashboard of this test's own; both end with it. */
  readonly atlas: (options: WorldOptions) => Promise<World>;
  readonly guard: undefined;
}

/** Errors of the page, requests to anywhere but this machine, and what the page's own policy forbids. */
function watch(context: BrowserContext, triesForbidden: boolean): readonly string[] {
  const faults: string[] = [];
  context.on('console', (message) => {
    if (!triesForbidden && message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  context.on('weberror', (error) => faults.push(`error on the page: ${error.error().stack}`));
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1')
      faults.push(`request leaves the machine: ${request.url()}`);
  });
  return faults;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  // Tall: the picture draws only what is in sight.
  viewport: { width: 1440, height: 1400 },
  copiedBuild: [
    async ({}, provide) => {
      await provide(undefined);
      await forgetServer();
    },
    { scope: 'worker', auto: true },
  ],
  incident: [
    async ({}, provide) => {
      const world = await World.start({ scenario: 'online-store-incident' });
      await provide(world);
      await world.stop();
    },
    { scope: 'worker' },
  ],
  atlas: async ({}, provide) => {
    const worlds: World[] = [];
    await provide(async (options) => {
      const world = await World.start(options);
      worlds.push(world);
      return world;
    });
    for (const world of worlds) await world.stop();
  },
  triesForbidden: [false, { option: true }],
  guard: [
    async ({ context, triesForbidden }, provide) => {
      const faults = watch(context, triesForbidden);
      await provide(undefined);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
