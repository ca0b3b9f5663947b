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
  /** Starts a cluster and a dashboard of this test's own; both end with it. */
  readonly atlas: (options: WorldOptions) => Promise<World>;
  readonly guard: undefined;
}

/** Errors of the page, and requests to anywhere but this machine. */
function watch(context: BrowserContext): readonly string[] {
  const faults: string[] = [];
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
  guard: [
    async ({ context }, provide) => {
      const faults = watch(context);
      await provide(undefined);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
