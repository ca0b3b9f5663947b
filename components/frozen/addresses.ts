/** Where a snapshot leads to. Pure. */
import { queryOfView, viewOfQuery } from '@/components/chrome/view-state';
import type { Snapshot } from '@/lib/wire/snapshot';

type Shown = Pick<Snapshot, 'id' | 'view' | 'redacted'>;

/** The live page with the same view. Pseudonyms name nothing there, so a redacted one leads to its start. */
export function liveAddress({ view, redacted }: Omit<Shown, 'id'>): string {
  const query = redacted ? '' : queryOfView(viewOfQuery(view));
  return query === '' ? '/' : `/?${query}`;
}

/** The live page with what has changed since. */
export function compareAddress({ id, view }: Shown): string {
  return `/?${queryOfView({ ...viewOfQuery(view), compare: id })}`;
}
