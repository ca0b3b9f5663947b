import 'server-only';
import { createHash } from 'node:crypto';
import type { Rights, Viewer } from '@/server/access/viewer';
import type { ObjectAddress } from '@/server/cluster/fetch-object';
import type { Reviews } from './reviews';
import type { Subject } from './sessions';

/**
 * What somebody must be allowed to `list` in a namespace to see what the dashboard shows of it: the three kinds that every
 * way of traffic is made of. All of them, so that nobody sees more than with kubectl and the usual role `view`.
 */
export const ASKED = [
  { group: '', resource: 'services' },
  { group: 'networking.k8s.io', resource: 'ingresses' },
  { group: '', resource: 'pods' },
] as const;

/** So long an answer of the cluster holds. */
const KEEP_MS = 45_000;
/** So soon it is asked again after no answer, for who waits before an empty page. */
const AGAIN_MS = 10_000;
const MOST_KEPT = 5000;

interface Kept {
  readonly at: number;
  readonly all: Promise<boolean>;
  readonly namespaces: Map<string, Promise<boolean>>;
}

export interface RightsCacheOptions {
  readonly reviews: Pick<Reviews, 'mayDo'>;
  /** Told of each answer that the cluster did not give. */
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
}

/** What each viewer may see of one cluster, as its RBAC says; asked again after a while. No answer is no right. */
export class RightsCache {
  readonly #options: RightsCacheOptions;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  /** When the cluster began to give no answers (epoch ms); null: its last answer was one. */
  #silentSince: number | null = null;

  constructor(options: RightsCacheOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** What a viewer may see of the namespaces that there are. Never throws: what cannot be asked is not allowed, and says why. */
  async rightsOf(viewer: Subject, namespaces: Iterable<string>): Promise<Rights> {
    const kept = this.#of(viewer);
    try {
      const all = await kept.all;
      const asked = all
        ? []
        : await Promise.all(
            [...new Set(namespaces)].map(async (name) =>
              (await this.#may(viewer, kept, name)) ? [name] : [],
            ),
          );
      this.#silentSince = null;
      if (all) return { all: true };
      return { all: false, namespaces: new Set(asked.flat()), reason: '' };
    } catch (error) {
      this.#kept.delete(keyOf(viewer));
      this.#options.onError(error);
      this.#silentSince ??= this.#now();
      // To the minute: a reason is a part of what viewers share (server/access), and there shall not be one for each second.
      const since = new Date(this.#silentSince).toISOString().slice(0, 16).replace('T', ' ');
      const why = error instanceof Error ? error.message : 'no answer';
      const reason = `Your rights could not be asked for since ${since} UTC: ${why}.`;
      return { all: false, namespaces: new Set(), reason };
    }
  }

  /** Whether a viewer may `get` a path that is no object's, such as `/metrics`. No answer is no. */
  async mayGet(viewer: Subject, path: string): Promise<boolean> {
    try {
      return await this.#options.reviews.mayDo(viewer, { verb: 'get', path });
    } catch (error) {
      this.#options.onError(error);
      return false;
    }
  }

  /**
   * Whether a viewer may `get` one object, as it is: what of it the map tells is decided by the namespace, its whole text by
   * the cluster. No answer is no.
   */
  async mayGetObject(viewer: Subject, { group, resource, namespace, name }: ObjectAddress): Promise<boolean> {
    try {
      const asked = { verb: 'get', group, resource, namespace, name };
      return await this.#options.reviews.mayDo(viewer, asked);
    } catch (error) {
      this.#options.onError(error);
      return false;
    }
  }

  /**
   * Asks again and again while something runs for a viewer; once the rights are no longer those given, `onChange` is
   * called, and nothing is asked any more. Answers what ends the asking.
   */
  watch(
    viewer: Viewer,
    rights: Rights,
    namespaces: () => Iterable<string>,
    onChange: () => void,
  ): () => void {
    let stopped = false;
    let timer: NodeJS.Timeout;
    const again = () => {
      const isUnanswered = !rights.all && rights.reason !== '';
      // Spread: viewers who came together shall not be asked for together for ever.
      const after = (isUnanswered ? AGAIN_MS : KEEP_MS) * (1 + Math.random() / 4);
      timer = setTimeout(() => void ask(), after).unref();
    };
    const ask = async () => {
      const now = await this.rightsOf(viewer, namespaces());
      if (stopped) return;
      if (sameRights(now, rights)) return again();
      stopped = true;
      onChange();
    };
    again();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }

  #of(viewer: Subject): Kept {
    const key = keyOf(viewer);
    const now = this.#now();
    const known = this.#kept.get(key);
    if (known && now - known.at < KEEP_MS && now >= known.at) return known;
    if (this.#kept.size >= MOST_KEPT) this.#kept.delete([...this.#kept.keys()][0] ?? '');
    const kept = { at: now, all: this.#inNamespace(viewer, ''), namespaces: new Map() };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept;
  }

  #may(viewer: Subject, { namespaces }: Kept, namespace: string): Promise<boolean> {
    const known = namespaces.get(namespace);
    if (known) return known;
    const asked = this.#inNamespace(viewer, namespace);
    namespaces.set(namespace, asked);
    return asked;
  }

  /** One after the other: most are refused at the first. Empty namespace: everywhere. */
  async #inNamespace(viewer: Subject, namespace: string): Promise<boolean> {
    for (const resource of ASKED) {
      if (!(await this.#options.reviews.mayDo(viewer, { verb: 'list', ...resource, namespace })))
        return false;
    }
    return true;
  }
}

/** Whether two viewers' rights show the same. */
export function sameRights(one: Rights, other: Rights): boolean {
  if (one.all || other.all) return one.all === other.all;
  return (
    one.namespaces.size === other.namespaces.size &&
    [...one.namespaces].every((name) => other.namespaces.has(name))
  );
}

/** Groups and extra decide as the name does; who has the same of all is the same to RBAC. */
function keyOf({ user, groups, extra }: Subject): string {
  const sorted = Object.keys(extra)
    .sort()
    .map((key) => [key, extra[key]]);
  return createHash('sha256')
    .update(JSON.stringify([user, [...groups].sort(), sorted]))
    .digest('base64url');
}
