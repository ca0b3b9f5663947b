import 'server-only';
import { Graph } from '@/lib/topology/graph';
import type { Finding, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import type { Part, StoredPatch } from '@/lib/topology/partition/part';
import { type Indexed, indexed } from '@/lib/topology/view';
import { inTurns } from '@/server/hub/turns';
import { unpack } from '@/server/recorder/codec';
import type { Db } from '@/server/recorder/database/db';
import { partOf } from './bodies';
import type { Rebuild } from './rebuild';
import type { Moment } from './touched';

/** Whoever looks at the past looks at its neighbours next; then it is let go, for it takes as much memory as the present. */
const KEPT_MS = 120_000;

interface Held {
  readonly db: Db['read'];
  readonly cluster: number;
  moment: Moment;
  readonly parts: Map<string, Part>;
  readonly source: Indexed;
}

/** The whole graph of the moment that was asked for last: for another one only what lies between is read. One caller at a time. */
export class PastGraph {
  #held: Held | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** The graph as it was. */
  async at(rebuild: Rebuild): Promise<Indexed> {
    const held = this.#held;
    // Where something fails under way it is in between, and of no use.
    this.forget();
    const names = await rebuild.names();
    const found = held && isOf(held, rebuild) ? await moved(held, rebuild, names) : await made(rebuild);
    this.#held = found;
    this.#timer = setTimeout(() => this.forget(), KEPT_MS);
    this.#timer.unref();
    return found.source;
  }

  /** Whether a graph is there that leads to a moment. */
  holds(rebuild: Rebuild): boolean {
    return this.#held !== null && isOf(this.#held, rebuild);
  }

  /** Whether a graph is there. */
  get isHeld(): boolean {
    return this.#held !== null;
  }

  /** Lets go of a moment from before a time: what led on from it may not be kept any more. */
  forgetBefore(time: number): void {
    if (this.#held && this.#held.moment.time < time) this.forget();
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.#held = null;
  }
}

function isOf({ db, cluster, moment }: Held, rebuild: Rebuild): boolean {
  return db === rebuild.db && cluster === rebuild.cluster && moment.frame.run === rebuild.moment.frame.run;
}

async function made(rebuild: Rebuild): Promise<Held> {
  const source = indexed(new Graph());
  const parts = new Map<string, Part>();
  for await (const [name, kept] of rebuild.bodies()) {
    const part = partOf(kept.key && unpack(kept.key), rebuild.patchesOf(kept));
    parts.set(name, part);
    await inTurns(source.graph.applying(part.topology()));
  }
  await inTurns(source.chains.fill());
  source.findings.apply({ findings: { upsert: [...source.graph.findings.values()], remove: [] } });
  const { db, cluster, moment } = rebuild;
  return { db, cluster, moment, parts, source };
}

async function moved(held: Held, rebuild: Rebuild, names: readonly string[]): Promise<Held> {
  const { parts, source } = held;
  const lines = await rebuild.between(held.moment, names);
  const isLater = rebuild.moment.time >= held.moment.time;
  const nodes = new Difference<TopologyNode>();
  const edges = new Difference<TopologyEdge>();
  const findings = new Difference<Finding>();
  for (const name of names) {
    const before = parts.get(name);
    const some = lines.get(name);
    if (before && !some) continue;
    if (before && some && isLater) {
      const patches = some.map(({ text }) => JSON.parse(text) as StoredPatch);
      for (const patch of patches) before.apply(patch);
      nodes.told(
        before.nodes,
        patches.map((patch) => patch.nodes),
      );
      edges.told(
        before.edges,
        patches.map((patch) => patch.edges),
      );
      findings.told(
        before.findings,
        patches.map((patch) => patch.findings),
      );
      continue;
    }
    const part = await rebuild.part(name);
    nodes.compare(before?.nodes, part.nodes);
    edges.compare(before?.edges, part.edges);
    findings.compare(before?.findings, part.findings);
    parts.set(name, part);
  }
  const delta = { nodes, edges, findings };
  source.graph.apply(delta);
  await inTurns(source.chains.update(delta));
  source.findings.apply(delta);
  held.moment = rebuild.moment;
  return held;
}

/** What makes some items from others. */
class Difference<T extends { readonly id: string }> {
  readonly upsert: T[] = [];
  readonly remove: string[] = [];

  /** Compares items; what is equal becomes the same, so that it is kept once. */
  compare(before: ReadonlyMap<string, T> | undefined, after: Map<string, T>): void {
    for (const id of before?.keys() ?? []) if (!after.has(id)) this.remove.push(id);
    for (const [id, item] of after) {
      const old = before?.get(id);
      if (old && isEqual(old, item)) after.set(id, old);
      else this.upsert.push(item);
    }
  }

  /** Takes what patches name, which are in the items already. */
  told(after: ReadonlyMap<string, T>, patches: readonly (StoredItems<T> | undefined)[]): void {
    const ids = new Set<string>();
    for (const patch of patches) {
      for (const id of patch?.remove ?? []) ids.add(id);
      for (const { id } of [...(patch?.upsert ?? []), ...(patch?.set ?? [])]) ids.add(id);
    }
    for (const id of ids) {
      const item = after.get(id);
      if (item) this.upsert.push(item);
      else this.remove.push(id);
    }
  }
}

interface StoredItems<T> {
  readonly upsert?: readonly T[];
  readonly set?: readonly { readonly id: string }[];
  readonly remove?: readonly string[];
}

/** Whether what JSON has made is equal; order of fields does not matter. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return keys.every((key) => Object.hasOwn(other, key) && isEqual(one[key], other[key]));
}
