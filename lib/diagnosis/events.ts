import type { KubeEvent } from '@/lib/kube/event-object';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Evidence } from '@/lib/topology/model';
import { members, object } from '@/lib/topology/reads';
import { evidence } from './draft';

/**
 * Warning events of an object that were last seen within `windowMs`, newest first. Events live an hour and Normal ones are
 * not read: absence proves nothing, and an old one may be mended since.
 */
export function freshEvents(
  read: Reader,
  of: { readonly kind: string; readonly namespace: string; readonly name: string },
  windowMs: number,
): readonly KubeEvent[] {
  return members(read, 'events-of-object', `${of.kind}/${of.namespace}/${of.name}`)
    .flatMap((key) => object(read, 'events', key) ?? [])
    .filter(({ last }) => last !== null && !read.reached(last + windowMs))
    .toSorted((a, b) => (b.last ?? 0) - (a.last ?? 0) || (a.name < b.name ? -1 : 1));
}

/** An event as evidence of a finding. */
export function eventEvidence(event: KubeEvent): Evidence {
  const ref = refOf('events', event.namespace, event.name, event.uid);
  return evidence(ref, `reason ${event.reason} (${event.count}×)`, event.message, event.last);
}
