import 'server-only';
import type { Counted } from '@/lib/topology/partition/overview';
import { Part, type StoredPatch } from '@/lib/topology/partition/part';
import { type Tally, tallyAfter, tallyOf } from '@/lib/topology/partition/tally';
import { DamagedBody, noted, noteOf, pack } from '@/server/recorder/codec';
import type { RecordedBodies } from './bodies';

/** What is told of a partition beside its key: overviews need no more of it. */
interface Note {
  readonly tally: Tally;
  readonly findings: StoredPatch['findings'];
}

/** Packs the key of a partition, where it can be told in counts with a note for overviews. */
export function packKey(text: string): Uint8Array {
  const part = new Part();
  part.apply(JSON.parse(text) as StoredPatch);
  const tally = tallyOf(part);
  const body = pack(text);
  if (!tally) return body;
  const note: Note = { tally, findings: { upsert: [...part.findings.values()] } };
  return noted(body, JSON.stringify(note));
}

/** A partition as its key's note tells it, after what has changed since; null: there is none, or it does not hold any more. */
export function countedOf({ key }: RecordedBodies, patches: readonly StoredPatch[]): Counted | null {
  const text = key && readable(key);
  if (!text) return null;
  const { tally: then, findings } = JSON.parse(text) as Note;
  const tally = tallyAfter(then, patches);
  if (!tally) return null;
  const part = new Part();
  part.apply({ findings });
  for (const patch of patches) part.apply({ findings: patch.findings });
  return { tally, findings: part.findings };
}

/** A note that is damaged is none: the key may be whole all the same. */
function readable(key: Uint8Array): string | null {
  try {
    return noteOf(key);
  } catch (error) {
    if (error instanceof DamagedBody) return null;
    throw error;
  }
}
