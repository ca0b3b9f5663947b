import 'server-only';
import type { Subject } from './sessions';

/** Whom Kubernetes itself speaks for: no provider and no proxy may. */
const RESERVED = 'system:';
const LONGEST = 512;

/**
 * A subject from names that someone else than the cluster gave; null: no name, or one that is the cluster's own. Groups
 * of the cluster's own are left out; everybody who is somebody is in `system:authenticated`, as with the API server.
 */
export function subjectOf(user: string, groups: readonly string[]): Subject | null {
  const name = user.trim();
  if (name === '' || name.length > LONGEST || name.startsWith(RESERVED) || hasControl(name)) return null;
  const own = groups
    .map((group) => group.trim())
    .filter(
      (group) => group !== '' && group.length <= LONGEST && !group.startsWith(RESERVED) && !hasControl(group),
    );
  return { user: name, groups: [...new Set([...own, 'system:authenticated'])], extra: {} };
}

function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
