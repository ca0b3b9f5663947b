import 'server-only';
import { descriptionOf } from '@/lib/snapshot/verdict';
import type { SnapshotDocument } from '@/lib/wire/snapshot';
import { signInPath } from '@/server/auth/return-path';
import { isRecorderUnavailable } from '@/server/recorder/recorder';
import { currentRuntime, type Runtime } from '@/server/runtime';
import { baseUrl } from './link';
import { isOwnName } from './own-name';
import { detailOf } from './problem';
import { identify, wholeViewOf } from './viewing';

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
  /** Who is to sign in first; told alike for what there is and what there is not. */
  | { readonly state: 'stranger'; readonly signIn: string }
  /** Unknown, expired and revoked are not told apart. */
  | { readonly state: 'gone' }
  | { readonly state: 'unavailable'; readonly reason: string };

/** Loads the snapshot behind `/s/{id}`. */
export async function loadSnapshotPage(id: string, headers: Pick<Headers, 'get'>): Promise<SnapshotPage> {
  const runtime = currentRuntime();
  if (!runtime) return { state: 'unavailable', reason: 'The dashboard is starting: try again in a moment.' };
  if (!isOwnName(headers.get('host'), runtime.config))
    return {
      state: 'unavailable',
      reason: 'This dashboard answers to localhost only; set ATLAS_PUBLIC_URL.',
    };
  try {
    return await pageFor(id, headers, runtime);
  } catch (error) {
    if (isRecorderUnavailable(error))
      return { state: 'unavailable', reason: `Snapshots cannot be read now: ${error.message}` };
    runtime.report(error);
    return { state: 'unavailable', reason: 'Something went wrong; the dashboard’s log says more.' };
  }
}

async function pageFor(id: string, headers: Pick<Headers, 'get'>, runtime: Runtime): Promise<SnapshotPage> {
  const { config } = runtime;
  const identified = await identify(headers, runtime);
  const isStranger = 'refusal' in identified;
  if (isStranger && !identified.isStranger)
    return { state: 'unavailable', reason: await detailOf(identified.refusal) };
  const stranger = { state: 'stranger', signIn: signInPath(`/s/${id}`) } as const;
  if (isStranger && !config.publicPreview) return stranger;
  const { first } = runtime;
  const { snapshots } = isStranger ? first : (await wholeViewOf(identified.viewer, first, runtime)).context;
  const read = await snapshots.read(id, runtime.auth.peers.callerOf(headers));
  if ('waitMs' in read)
    return {
      state: 'unavailable',
      reason: `Too many snapshots were asked for that there are not: try again in ${Math.ceil(read.waitMs / 1000)} s.`,
    };
  const { isFile } = snapshots;
  const isPublic = 'found' in read && config.publicPreview && read.found.public && !isFile;
  if (isStranger && !isPublic) return stranger;
  if ('none' in read) return { state: 'gone' };
  const preview = isPublic ? previewOf(id, read.found, baseUrl(headers, config)) : null;
  return { state: 'found', snapshot: read.found, preview, isFile };
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
  return currentRuntime()?.first.snapshots.isFile ? '/s/file' : null;
}
