import 'server-only';
import type { MaskedGraph } from '@/lib/access/masked-graph';
import { isWhollySeen } from '@/lib/access/whole-topology';
import { partitionOfFinding } from '@/lib/topology/partition/partition-of';
import type { SnapshotDocument } from '@/lib/wire/snapshot';
import type { FetchedObject, ObjectAddress } from '@/server/cluster/fetch-object';
import type { HttpContext } from '@/server/http/context';
import { inTurns } from '@/server/hub/turns';
import type { Sources } from '@/server/snapshots/freezing';

export interface Eyes {
  readonly namespaces: ReadonlySet<string>;
  readonly graph: MaskedGraph;
}

type Snapshots = HttpContext['snapshots'];
type Kept = Pick<HttpContext, 'snapshots' | 'config'>;

/** Snapshots as viewers have them who may not see everything: made of what they see, shown where they may see all of it. */
export function restrictedSnapshots(kept: Kept, eyes: Eyes, sources: Sources): Snapshots {
  const { snapshots } = kept;
  return {
    get isFile() {
      return snapshots.isFile;
    },
    create: (input, view, author) =>
      snapshots.create(input, view, author, { ...sources, namespaces: [...eyes.namespaces].sort() }),
    ...shown(kept, (document) => maySee(document, eyes)),
  };
}

/** Those that are for everybody: of a cluster in which nobody can be asked for rights. */
export function snapshotsForAll(kept: Kept): ShownSnapshots {
  return shown(kept, ({ redacted }) => redacted);
}

/** Snapshots that there are already. */
export type ShownSnapshots = Pick<Snapshots, 'read' | 'picture' | 'revoke'>;

function shown(
  { snapshots, config }: Kept,
  may: (document: SnapshotDocument) => boolean | Promise<boolean>,
): ShownSnapshots {
  const read: Snapshots['read'] = async (id, from) => {
    const found = await snapshots.read(id, from);
    if (!('found' in found)) return found;
    const open = found.found.public && config.publicPreview;
    // Not told apart from one that there is not: who guesses learns nothing.
    return open || (await may(found.found)) ? found : { none: true };
  };
  return {
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

/** Objects as the cluster would give them to the viewer: of the others the same is said whether there are any. */
export function allowedObjects(
  fetchObject: HttpContext['fetchObject'],
  may: (address: ObjectAddress) => Promise<boolean>,
): HttpContext['fetchObject'] {
  return (
    fetchObject &&
    (async (address) => ((await may(address)) ? await fetchObject(address) : notAllowed(address)))
  );
}

function notAllowed({ group, resource }: ObjectAddress): FetchedObject {
  const kind = group === '' ? resource : `${resource}.${group}`;
  return {
    status: 403,
    body: null,
    reason: `the cluster’s RBAC must let you "get" it (${kind}), and does not`,
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
