import type { KubeEvent } from '@/lib/kube/event-object';
import type { Edit } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import { eventsOf } from './events';

/** Older Events say nothing of now (CHECKS trap 30). */
const FRESH_MS = 60 * 60_000;

/**
 * Warnings about an object seen within the last hour and not before its last edit, newest first. None is no
 * proof of health: Events expire.
 */
export function freshEvents(
  read: Reader,
  kind: string,
  {
    namespace,
    name,
    edited,
    uid,
  }: {
    readonly namespace: string;
    readonly name: string;
    readonly edited: Edit | null;
    readonly uid: string;
  },
): readonly KubeEvent[] {
  return eventsOf(read, kind, namespace, name)
    .filter((event) => {
      if (event.last === null || read.reached(event.last + FRESH_MS)) return false;
      if (event.involved.uid !== '' && uid !== '' && event.involved.uid !== uid) return false;
      return edited === null || event.last >= edited.at;
    })
    .sort((a, b) => (b.last ?? 0) - (a.last ?? 0) || (a.name < b.name ? -1 : 1));
}
