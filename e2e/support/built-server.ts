/* The production build under test, copied so that a build made meanwhile cannot pull it away. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureBuilt, serverFile } from '@/scripts/launch/build.mjs';
import { pickNode } from '@/scripts/launch/node.mjs';

export interface BuiltServer {
  readonly node: string;
  /** The standalone server's entry. */
  readonly file: string;
}

let copied: Promise<BuiltServer> | undefined;

/** The standalone server; built first where its sources have changed. */
export function builtServer(): Promise<BuiltServer> {
  copied ??= copy();
  return copied;
}

async function copy(): Promise<BuiltServer> {
  const node = pickNode();
  await ensureBuilt(node);
  const folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-e2e-'));
  await cp(dirname(serverFile), folder, { recursive: true, verbatimSymlinks: true });
  return { node, file: join(folder, 'server.js') };
}

/** Deletes the copy. */
export async function forgetServer(): Promise<void> {
  const server = await copied?.catch(() => undefined);
  copied = undefined;
  if (server) await rm(dirname(server.file), { recursive: true, force: true });
}
