/* A world whose history is kept in a file of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { World, type WorldOptions } from './world';

export interface Recorded {
  readonly world: World;
  readonly stop: () => Promise<void>;
}

/** Starts it; what it has recorded goes with it. */
export async function startRecorded(options: WorldOptions): Promise<Recorded> {
  const folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-history-'));
  const env = { ...options.env, DATABASE_URL: `sqlite:${join(folder, 'history.sqlite')}` };
  const world = await World.start({ ...options, env });
  const stop = async () => {
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { world, stop };
}
