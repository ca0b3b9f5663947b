import 'server-only';
import { descriptionOf } from '@/lib/snapshot/verdict';
import type { SnapshotDocument } from '@/lib/wire/snapshot';
import { isRecorderUnavailable } from '@/server/recorder/recorder';
import { currentRuntime } from '@/server/runtime';
import { baseUrl, callerOf } from './link';
import { isOwnName } from './own-name';

/** What a chat program may show of a snapshot. */
export interface Preview {
  readonly title: string;
  readonly description: string;
  /** Absolute URLs. */
  readonly url: string;
  readonly imageUrl: string;
}

/** What the page of a snapshot is made of. */
export type SnapshotPage =
  | {
      readonly state: 'found';
      readonly snapshot: SnapshotDocument;
      /** null: the deployment or the author does not let everybody see it. */
      readonly preview: Preview | null;
      /** Whether there is no cluster to go to from here: a file is shown. */
      readonly isFile: boolean;
    }
  /** Unknown, expired and revoked are not told apart. */
  | { readonly state: 'gone' }
  | { readonly state: 'unavailable'; readonly reason: string };

/** Loads the snapshot behind `/s/{id}`. */
export async function loadSnapshotPage(id: string, headers: Headers): Promise<SnapshotPage> {
  const runtime = currentRuntime();
  if (!runtime) return { state: 'unavailable', reason: 'The dashboard is starting: try again in a moment.' };
  const { config } = runtime;
  if (!isOwnName(headers.get('host'), config))
    return {
      state: 'unavailable',
      reason: 'This dashboard answers to localhost only; set ATLAS_PUBLIC_URL.',
    };
  try {
    const view = await runtime.viewing(new Request(`http://localhost/s/${id}`, { headers }));
    // Pages lead who is not signed in to where one signs in, before they ask for a snapshot.
    if (view instanceof Response) return { state: 'gone' };
    const { snapshots } = await runtime.access.restrict(view);
    const read = await snapshots.read(id, callerOf(headers));
    if ('waitMs' in read)
      return {
        state: 'unavailable',
        reason: `Too many snapshots were asked for that there are not: try again in ${Math.ceil(read.waitMs / 1000)} s.`,
      };
    if ('none' in read) return { state: 'gone' };
    const isPublic = config.publicPreview && read.found.public && !snapshots.isFile;
    const preview = isPublic ? previewOf(id, read.found, baseUrl(headers, config)) : null;
    return { state: 'found', snapshot: read.found, preview, isFile: snapshots.isFile };
  } catch (error) {
    if (isRecorderUnavailable(error))
      return { state: 'unavailable', reason: `Snapshots cannot be read now: ${error.message}` };
    runtime.report(error);
    return { state: 'unavailable', reason: 'Something went wrong; the dashboard’s log says more.' };
  }
}

function previewOf(id: string, document: SnapshotDocument, base: string): Preview {
  return {
    title: document.verdict.title,
    description: descriptionOf(document),
    url: `${base}/s/${id}`,
    imageUrl: `${base}/api/v1/snapshots/${id}/image.png?size=card&theme=light`,
  };
}

/** Where `/` leads while a file is shown; null: to the live dashboard. */
export function shownFile(): string | null {
  return currentRuntime()?.snapshots.isFile ? '/s/file' : null;
}
