import 'server-only';
import { Overview } from '@/lib/topology/partition/overview';
import { Part } from '@/lib/topology/partition/part';
import { SHARED } from '@/lib/topology/partition/partition-of';
import type { Drawn } from '@/lib/topology/view';
import type { ViewFilters } from '@/lib/topology/view-filters';
import { inTurns } from '@/server/hub/turns';
import { unpack } from '@/server/recorder/codec';
import { partOf, type RecordedBodies } from './bodies';
import { countedOf } from './counted';
import type { Rebuild } from './rebuild';

/**
 * The folded view of everything at a moment, with as little unpacked and indexed as it needs: of partitions of which
 * nothing is drawn only what is noted beside their keys. null: it takes the whole graph.
 */
export async function overviewAt(rebuild: Rebuild, filters: ViewFilters): Promise<Drawn | null> {
  const wholeOf = (kept: RecordedBodies, patches = rebuild.patchesOf(kept)) =>
    partOf(kept.key && unpack(kept.key), patches);
  const noted = new Map<string, RecordedBodies>();
  let overview: Overview | null = null;
  for await (const [name, kept] of rebuild.bodies()) {
    // The shared partition has the first name of all.
    const patches = rebuild.patchesOf(kept);
    const shared = name === SHARED ? wholeOf(kept, patches) : null;
    overview ??= new Overview(filters, shared ?? new Part());
    const counted = shared ? null : countedOf(kept, patches);
    if (counted && overview.accepts(name, counted.tally)) {
      noted.set(name, kept);
      overview.add(name, counted);
    } else overview.add(name, shared ?? wholeOf(kept, patches));
  }
  return overview && drawnFrom(overview, (name) => partOfNoted(noted.get(name), wholeOf));
}

async function drawnFrom(overview: Overview, wholeOf: (name: string) => Part): Promise<Drawn | null> {
  for (;;) {
    const drawn = await inTurns(overview.draw());
    if (!drawn || 'nodes' in drawn) return drawn;
    for (const name of drawn) overview.replace(name, wholeOf(name));
  }
}

function partOfNoted(kept: RecordedBodies | undefined, wholeOf: (kept: RecordedBodies) => Part): Part {
  return kept ? wholeOf(kept) : new Part();
}
