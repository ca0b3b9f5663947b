import 'server-only';
import type { Status } from '@/lib/topology/model';
import type { HttpContext } from './context';

/** A cluster that works on a large change lets itself be read a little later: others don't wait for it longer. */
const PATIENCE_MS = 500;

/** By node id. */
export type Hosts = ReadonlyMap<string, { readonly name: string; readonly status: Status }>;

interface Known {
  readonly version: number;
  readonly hosts: Hosts;
}

interface Held {
  known: Known | null;
  reading: Promise<void> | null;
}

/** By hub: what a viewer may see of a cluster has one of its own. */
const HELD = new WeakMap<HttpContext['hub'], Held>();

/**
 * Hosts of a cluster by node id with their status; null: not known now. What was so a moment ago is answered where the
 * cluster is too busy to say what is so now.
 */
export async function hostStatuses({ hub }: HttpContext): Promise<Hosts | null> {
  if (!hub.synced) return null;
  const held = HELD.get(hub) ?? { known: null, reading: null };
  HELD.set(hub, held);
  if (held.known?.version !== hub.head.version) {
    held.reading ??= read(hub, held).finally(() => {
      held.reading = null;
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((done) => {
      timer = setTimeout(done, PATIENCE_MS);
    });
    await Promise.race([held.reading, late]);
    clearTimeout(timer);
  }
  return held.known?.hosts ?? null;
}

/** Without the rules of every host: they are of no name that two clusters could both have. */
async function read(hub: HttpContext['hub'], held: Held): Promise<void> {
  held.known = await hub.read(({ graph }, { version }) => ({
    version,
    hosts: new Map(
      [...graph.nodes.values()]
        .filter(({ kind, name }) => kind === 'host' && name !== '*' && name !== '')
        .map(({ id, name, status }) => [id, { name, status }]),
    ),
  }));
}
