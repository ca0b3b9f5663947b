/* The large scenario as the dashboard's watchers would hand it on: projected, without a socket in between. */

import type { KindName } from '@/lib/kube/objects';
import { Interner } from '@/lib/kube/project/interner';
import { type ProjectedKind, project } from '@/lib/kube/project/project';
import { objectKey } from '@/lib/kube/refs';
import { RESOURCES } from '@/lib/kube/resources';
import type { ObjectChange } from '@/lib/state/change';
import { registerBuiltinKinds } from '@/sandbox/api/builtin-kinds';
import { Storage } from '@/sandbox/api/storage';
import { fillLarge } from '@/sandbox/load/large';
import type { Sizes } from '../measure/sizes';

/** Projects every object of a scenario; nothing of the raw objects is kept. */
export async function largeObjects(sizes: Sizes): Promise<ObjectChange[]> {
  const storage = new Storage();
  registerBuiltinKinds(storage);
  await fillLarge(storage, sizes);
  const changes: ObjectChange[] = [];
  for (const { id, group, resource } of RESOURCES) {
    if (id === 'secrets') continue;
    const name = group === '' ? resource : `${resource}.${group}`;
    if (!storage.info(name)) continue;
    const interner = new Interner();
    for (const raw of storage.list(name)) {
      // Through JSON, as over the wire: otherwise the strings would be shared with the raw objects.
      const object = project(id as ProjectedKind, JSON.parse(JSON.stringify(raw)), interner);
      if (object) changes.push(changeOf(id, objectKey(object.namespace, object.name), object));
    }
  }
  return changes;
}

/** Kind and object belong together: both come from one row of the resource table. */
export function changeOf(kind: KindName, key: string, object: unknown): ObjectChange {
  return { kind, key, object } as ObjectChange;
}
