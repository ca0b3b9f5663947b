// Server-side apply, simplified: a merge of the applied fields, and what the same
// manager applied before and applies no more is removed. No conflicts are raised.
import { array, at, isRecord, type JsonRecord } from './json';
import { mergePatch } from './json-patch';
import { listMergeKey, strategicMerge } from './strategic-merge';

/** A patch that removes what `last` had and `next` has no more. */
function removals(last: JsonRecord, next: JsonRecord, path: readonly string[]): JsonRecord {
  const patch: JsonRecord = {};
  for (const [key, old] of Object.entries(last)) {
    const now = next[key];
    if (now === undefined) patch[key] = null;
    else if (isRecord(old) && isRecord(now)) patch[key] = removals(old, now, [...path, key]);
    else if (Array.isArray(old) && Array.isArray(now)) {
      const items = listRemovals(old, now, [...path, key]);
      if (items.length > 0) patch[key] = items;
    }
  }
  return patch;
}

function listRemovals(
  old: readonly unknown[],
  now: readonly unknown[],
  path: readonly string[],
): JsonRecord[] {
  const name = listMergeKey(path);
  if (name === undefined) return [];
  return old.flatMap((item) => {
    const id = at(item, name);
    const match = array(now).find((other) => at(other, name) === id);
    if (match === undefined) return [{ [name]: id, $patch: 'delete' }];
    return isRecord(item) && isRecord(match) ? [{ ...removals(item, match, path), [name]: id }] : [];
  });
}

/** What each manager applied last, by object: needed to see what it drops. */
export class AppliedConfigurations {
  readonly #last = new Map<string, JsonRecord>();

  /** The object after a manager applied a configuration. */
  apply(
    live: JsonRecord,
    configuration: JsonRecord,
    uid: string,
    manager: string,
    isCustom: boolean,
  ): unknown {
    const last = this.#last.get(`${uid}/${manager}`);
    const merge = isCustom ? mergePatch : strategicMerge;
    const pruned =
      last === undefined
        ? live
        : merge(live, removals(withoutIdentity(last), withoutIdentity(configuration), []));
    return merge(pruned, configuration);
  }

  remember(configuration: JsonRecord, uid: string, manager: string): void {
    this.#last.set(`${uid}/${manager}`, configuration);
  }
}

function withoutIdentity(configuration: JsonRecord): JsonRecord {
  const { apiVersion: _version, kind: _kind, ...rest } = configuration;
  return rest;
}
