import 'server-only';
import type { MaskedGraph } from '@/lib/access/masked-graph';
import { isWhollySeen } from '@/lib/access/whole-topology';
import { partitionOfFinding } from '@/lib/topology/partition/partition-of';
import type { SnapshotDocument } from '@/lib/wire/snapshot';
import type { HttpContext } from '@/server/http/context';
import { inTurns } from '@/server/hub/turns';
import type { Sources } from '@/server/snapshots/freezing';

export interface Eyes {
  readonly namespaces: ReadonlySet<string>;
  readonly graph: MaskedGraph;
}

/** Snapshots as viewers have them who may not see everything: made of what they see, shown where they may see all of it. */
export function restrictedSnapshots(
  { snapshots, config }: Pick<HttpContext, 'snapshots' | 'config'>,
  eyes: Eyes,
  sources: Sources,
): HttpContext['snapshots'] {
  const read: HttpContext['snapshots']['read'] = async (id, from) => {
    const found = await snapshots.read(id, from);
    if (!('found' in found)) return found;
    const open = found.found.public && config.publicPreview;
    // Not told apart from one that there is not: who guesses learns nothing.
    return open || (await maySee(found.found, eyes)) ? found : { none: true };
  };
  return {
    get isFile() {
      return snapshots.isFile;
    },
    create: (input, view) =>
      snapshots.create(input, view, { ...sources, namespaces: [...eyes.namespaces].sort() }),
    read,
    picture: async (id, name, from) => {
      const found = await read(id, from);
      return 'found' in found ? await snapshots.picture(id, name, from) : found;
    },
    revoke: (id, token, from) => snapshots.revoke(id, token, from),
  };
}

/** Redacted names are made for those who may see nothing; else all of it must be within the viewer's namespaces. */
async function maySee(document: SnapshotDocument, { namespaces, graph }: Eyes): Promise<boolean> {
  if (document.redacted) return true;
  if (document.namespaces) return document.namespaces.every((namespace) => namespaces.has(namespace));
  if (!graph.isClean(`${document.note}\n${document.view}\n${JSON.stringify(document.verdict)}`)) return false;
  return await inTurns(isWhollySeen(document.topology, { namespaces, isClean: graph.isClean }));
}

/** Marks as viewers have them who may not see everything: of findings that they see whole. */
export function restrictedMarks(
  marks: HttpContext['marks'],
  { namespaces, graph }: Eyes,
): HttpContext['marks'] {
  // One whose finding has been mended is its namespace's still.
  const isOwn = (id: string) =>
    graph.findings.knows(id)
      ? graph.findings.isWhole(id)
      : namespaces.has(partitionOfFinding(id)) && graph.isClean(id);
  return {
    list: async () => (await marks.list()).filter(({ finding }) => isOwn(finding)),
    put: (mark) => (isOwn(mark.finding) ? marks.put(mark) : Promise.resolve({ refused: 'no-finding' })),
    remove: (finding) => (isOwn(finding) ? marks.remove(finding) : Promise.resolve(0)),
  };
}

const HIDDEN = { status: 403, body: null, reason: 'it is in no namespace that you may see' } as const;

/** Objects of the viewer's namespaces; of all others the same is said whether there are any. */
export function restrictedObjects(
  fetchObject: HttpContext['fetchObject'],
  { namespaces }: Eyes,
): HttpContext['fetchObject'] {
  return (
    fetchObject &&
    ((address) => (namespaces.has(address.namespace) ? fetchObject(address) : Promise.resolve(HIDDEN)))
  );
}
