import type { Edit } from '@/lib/kube/objects';
import type { Interner } from './interner';
import { cut, list, type Raw, record, text, time } from './raw';

const LONGEST_MANAGER = 128;

/**
 * The last entry of managedFields that is about more than the status: of it manager, operation and time are kept, nothing
 * of the fields. Null where nobody is named (API servers before 1.18, pods and slices: who makes them nobody asks).
 */
export function lastEdit(raw: Raw, interner: Interner): Edit | null {
  let last: Edit | null = null;
  for (const entry of list(record(raw.metadata).managedFields)) {
    const field = record(entry);
    const at = time(field.time);
    if (at === null || text(field.subresource) === 'status' || (last !== null && at < last.at)) continue;
    last = {
      manager: interner.text(cut(text(field.manager), LONGEST_MANAGER)),
      operation: interner.text(text(field.operation)),
      at,
    };
  }
  return last;
}
