import 'server-only';
import { readDocument } from '@/lib/snapshot/document';
import { type FrozenView, parseView } from '@/lib/snapshot/view';
import type { CreateSnapshot, SnapshotDocument } from '@/lib/wire/snapshot';
import { inTurns, yieldTurn } from '@/server/hub/turns';
import type { makePictures, PictureName } from '@/server/picture/pictures';
import type { Recorder } from '@/server/recorder/recorder';
import type { Missing, SnapshotRecord } from '@/server/recorder/types';
import { documentOf, type Moment, momentOf, type Sources, textOf } from './freezing';
import { SnapshotGates } from './gates';
import { SNAPSHOT_LIMITS, type SnapshotLimits } from './limits';
import { packed, unpacked } from './packing';
import { hasHash, hashOf, isToken, newToken } from './tokens';

/** Under this id the document of a file is shown, where one was opened. */
export const FILE_ID = 'file';

export interface SnapshotsOptions {
  readonly store: Pick<Recorder['snapshots'], 'put' | 'get' | 'picture' | 'remove' | 'count'>;
  readonly sources: Sources;
  /** Id of the cluster. */
  readonly cluster: () => string;
  readonly pictures: typeof makePictures;
  /** An exported document that is shown in place of a cluster. */
  readonly file?: SnapshotDocument;
  readonly now?: () => number;
  readonly limits?: SnapshotLimits;
  /** Shared by all clusters of the process. */
  readonly gates?: SnapshotGates;
}

/** What a snapshot is made of. */
interface Making {
  readonly input: CreateSnapshot;
  readonly view: FrozenView;
  readonly moment: Moment;
  readonly namespaces: Sources['namespaces'];
}

/** Why none was made. */
export type Refusal =
  | { readonly refused: 'too-often'; readonly waitMs: number }
  | { readonly refused: 'full' | 'too-large' | 'nothing-yet'; readonly detail: string }
  | { readonly refused: 'missing'; readonly missing: Missing };

export interface Created {
  readonly id: string;
  readonly revokeToken: string;
  readonly document: SnapshotDocument;
}

/** A snapshot by its id; `too-often`: whoever asks has named too many that there are not. */
export type Found<T> = { readonly found: T } | { readonly none: true } | { readonly waitMs: number };

/** Snapshots: made once, never changed, open to who knows their id. What fails for the database's sake throws RecorderUnavailable. */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #limits: SnapshotLimits;
  readonly #now: () => number;
  readonly #gates: SnapshotGates;

  constructor(options: SnapshotsOptions) {
    this.#options = options;
    this.#limits = options.limits ?? SNAPSHOT_LIMITS;
    this.#now = options.now ?? Date.now;
    this.#gates = options.gates ?? new SnapshotGates(this.#limits, this.#now());
  }

  /** Whether a file is shown in place of a cluster. */
  get isFile(): boolean {
    return this.#options.file !== undefined;
  }

  /**
   * Makes a snapshot of a view, with its pictures. `author`: who shares, for limits; empty: nobody is known. `sources`: of
   * what its author may see; default: of everything.
   */
  async create(
    input: CreateSnapshot,
    view: FrozenView,
    author = '',
    sources: Sources = this.#options.sources,
  ): Promise<Created | Refusal> {
    const waitMs = this.#gates.creating(author, this.#now());
    if (waitMs > 0) return { refused: 'too-often', waitMs };
    return await this.#gates.serial.run(() => this.#create(input, view, sources));
  }

  /** The document behind an id. `from`: who asks. */
  async read(id: string, from: string): Promise<Found<SnapshotDocument>> {
    const { file } = this.#options;
    if (file && id === FILE_ID) return { found: file };
    const record = await this.#record(id, from);
    if (!('found' in record)) return record;
    const read = readDocument(JSON.parse(await unpacked(record.found.doc)));
    if (!read.ok) throw new Error(`a stored snapshot cannot be read: ${read.detail}`);
    return { found: read.document };
  }

  /** Which cluster the snapshot behind an id was taken of. */
  async clusterOf(id: string, from: string): Promise<Found<string>> {
    const record = await this.#record(id, from);
    return 'found' in record ? { found: record.found.cluster } : record;
  }

  /** A picture made at creation, and whether its author lets everybody see it. */
  async picture(
    id: string,
    name: PictureName,
    from: string,
  ): Promise<Found<{ readonly png: Buffer; readonly isPublic: boolean }>> {
    if (this.isFile && id === FILE_ID) return await this.#pictureOfFile(name);
    const record = await this.#record(id, from);
    if (!('found' in record)) return record;
    const png = await this.#options.store.picture(hashOf(id), name);
    return png ? { found: { png, isPublic: record.found.public } } : { none: true };
  }

  /** Removes a snapshot for whoever has the right that its author was given. */
  async revoke(id: string, token: string, from: string): Promise<Found<'revoked' | 'forbidden'>> {
    const record = await this.#record(id, from);
    if (!('found' in record)) return record;
    if (!hasHash(token, record.found.revokeHash)) {
      const waitMs = this.#gates.guessing.take(from, this.#now());
      return waitMs > 0 ? { waitMs } : { found: 'forbidden' };
    }
    return (await this.#options.store.remove(hashOf(id))) ? { found: 'revoked' } : { none: true };
  }

  async #create(input: CreateSnapshot, view: FrozenView, sources: Sources): Promise<Created | Refusal> {
    const { store } = this.#options;
    const { count, bytes } = await store.count();
    if (count >= this.#limits.count || bytes >= this.#limits.totalBytes)
      return { refused: 'full', detail: this.#fullness(count, bytes) };
    const now = this.#now();
    const moment = await momentOf(input, view, now, sources, this.#limits);
    if (!moment)
      return {
        refused: 'nothing-yet',
        detail: 'The cluster has not been read yet: there is nothing to keep.',
      };
    if ('missing' in moment) return { refused: 'missing', missing: moment };
    return await this.#keep({ input, view, moment, namespaces: sources.namespaces }, now);
  }

  async #keep({ input, view, moment, namespaces }: Making, now: number): Promise<Created | Refusal> {
    const { store, pictures } = this.#options;
    // Each step may take a whole turn, and what ends early goes on in the same one: so they begin in turns of their own.
    await yieldTurn();
    const document = await documentOf(input, view, moment, now, namespaces);
    await yieldTurn();
    const text = await inTurns(textOf(document));
    await yieldTurn();
    const most = this.#limits.documentBytes;
    if (text.length > most)
      return {
        refused: 'too-large',
        detail: `The view takes ${megabytes(text.length)}; at most ${megabytes(most)} are kept. Filter it, or focus on what matters.`,
      };
    const focus = focusOf(document);
    const id = newToken();
    const revokeToken = newToken();
    const packing = packed(text);
    const note = document.note === '' ? {} : { note: document.note };
    const [doc, made] = await Promise.all([
      packing,
      drawnNext(() => pictures(document.topology, { focus, ...note })),
    ]);
    await store.put({
      idHash: hashOf(id),
      revokeHash: hashOf(revokeToken),
      cluster: this.#options.cluster(),
      takenAt: moment.takenAt,
      createdAt: now,
      expiresAt: Date.parse(document.expiresAt),
      public: document.public,
      redacted: document.redacted,
      doc,
      pictures: made,
    });
    return { id, revokeToken, document };
  }

  #fullness(count: number, bytes: number): string {
    const { count: most, totalBytes } = this.#limits;
    return `${count} snapshots of ${megabytes(bytes)} are kept; allowed are ${most} and ${megabytes(totalBytes)}. Revoke some, or let them expire sooner.`;
  }

  async #record(id: string, from: string): Promise<Found<SnapshotRecord>> {
    const now = this.#now();
    // Beside a file there is nothing.
    const hash = isToken(id) && !this.isFile ? hashOf(id) : null;
    const isKnown = hash !== null && this.#gates.isKnown(hash);
    const wait = isKnown ? 0 : this.#gates.guessing.wait(from, now);
    if (wait > 0) return { waitMs: wait };
    const record = hash === null ? null : await this.#options.store.get(hash);
    // The database forgets what has expired when it finds the time; nobody sees it until then.
    if (hash !== null && record && (record.expiresAt === null || record.expiresAt > now)) {
      this.#gates.remember(hash);
      return { found: record };
    }
    if (hash !== null) this.#gates.forget(hash);
    this.#gates.guessing.take(from, now);
    return { none: true };
  }

  async #pictureOfFile(
    name: PictureName,
  ): Promise<Found<{ readonly png: Buffer; readonly isPublic: boolean }>> {
    const { file, pictures } = this.#options;
    if (!file) return { none: true };
    const made = await pictures(file.topology, { focus: focusOf(file), note: file.note });
    return { found: { png: made[name], isPublic: false } };
  }
}

/** The node in focus of a kept view. */
export function focusOf({ view }: Pick<SnapshotDocument, 'view'>): string | null {
  const parsed = parseView(view);
  return parsed.ok ? parsed.value.filters.focus : null;
}

async function drawnNext<T>(draw: () => Promise<T>): Promise<T> {
  await yieldTurn();
  return await draw();
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
