import 'server-only';
import type { Topology } from '@/lib/topology/model';

const KEY = /^,"(nodes|edges|findings)":\[/;

/**
 * Reads what `topologyChunks` wrote, piece by piece, so that nobody waits while a large topology is read. It leans on how
 * those are cut: between items, and a list's last piece ends with its bracket.
 */
export function* readTopology(pieces: readonly Uint8Array[]): Generator<void, Topology> {
  const lists: Record<string, unknown[]> = { nodes: [], edges: [], findings: [] };
  const decoder = new TextDecoder();
  const [first, ...rest] = pieces;
  // The head is left open for the lists, and the last piece closes it.
  const head = JSON.parse(`${decoder.decode(first)}}`) as object;
  let list: unknown[] = [];
  for (const piece of rest.slice(0, -1)) {
    const text = decoder.decode(piece);
    const key = KEY.exec(text);
    if (key?.[1]) list = lists[key[1]] ?? [];
    for (const item of itemsOf(text.slice(key?.[0].length ?? 0))) list.push(item);
    yield;
  }
  return topologyOf({ ...head, ...lists });
}

/** Items without the comma before them and the bracket after them. */
function itemsOf(text: string): readonly unknown[] {
  return JSON.parse(`[${text.replace(/^,/, '').replace(/\]$/, '')}]`) as unknown[];
}

/** The one cast: what is read was written from a topology. */
function topologyOf(read: object): Topology {
  return read as Topology;
}
