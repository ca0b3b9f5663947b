import type { KubeEvent } from '@/lib/kube/event-object';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { eventKey } from '@/lib/topology/indexes';
import type { Evidence } from '@/lib/topology/model';
import { members, object } from '@/lib/topology/reads';
import { evidence } from './draft';

const NONE: readonly KubeEvent[] = [];

/** Whether there are Events about any object of a kind in a namespace (key `KIND/NS`). Mostly there are none. */
const eventful: Query<boolean> = {
  name: 'eventful',
  level: 1,
  compute: (read, place) => members(read, 'events-of-place', place).length > 0,
};

/** The Events about an object, in the order of their names. To ask first whether there can be any spares remembering it for each. */
export function eventsOf(read: Reader, kind: string, namespace: string, name: string): readonly KubeEvent[] {
  if (!read.query(eventful, `${kind}/${namespace}`)) return NONE;
  return members(read, 'events-of-object', eventKey(kind, namespace, name)).flatMap(
    (key) => object(read, 'events', key) ?? [],
  );
}

/**
 * Warning events of an object that were last seen within `windowMs`, newest first. Events live an hour and Normal ones are
 * not read: absence proves nothing, and an old one may be mended since.
 */
export function freshEvents(
  read: Reader,
  of: { readonly kind: string; readonly namespace: string; readonly name: string },
  windowMs: number,
): readonly KubeEvent[] {
  const all = eventsOf(read, of.kind, of.namespace, of.name);
  if (all.length === 0) return NONE;
  return all
    .filter(({ last }) => last !== null && !read.reached(last + windowMs))
    .toSorted((a, b) => (b.last ?? 0) - (a.last ?? 0) || (a.name < b.name ? -1 : 1));
}

/** An event as evidence of a finding. */
export function eventEvidence(event: KubeEvent): Evidence {
  const ref = refOf('events', event.namespace, event.name, event.uid);
  return evidence(ref, `reason ${event.reason} (${event.count}×)`, event.message, event.last);
}
