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
    if (isOfController(record(field.fieldsV1))) continue;
    last = {
      manager: interner.text(cut(text(field.manager), LONGEST_MANAGER)),
      operation: interner.text(text(field.operation)),
      at,
    };
  }
  return last;
}

/** Annotations that the Deployment controller keeps at each rollout: the edit that began it is somebody else's. */
const CONTROLLER_OWN = 'f:deployment.kubernetes.io/';

/** Whether an entry is about nothing but the status and those annotations. */
function isOfController(fields: Raw): boolean {
  const keys = Object.keys(fields).filter((key) => key !== 'f:status');
  if (keys.length !== 1 || keys[0] !== 'f:metadata') return false;
  const metadata = record(fields['f:metadata']);
  const own = Object.keys(record(metadata['f:annotations'])).filter((key) => key !== '.');
  return (
    Object.keys(metadata).length === 1 && own.length > 0 && own.every((key) => key.startsWith(CONTROLLER_OWN))
  );
}
