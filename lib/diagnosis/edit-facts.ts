/** Edits of objects as their nodes tell them: what the timeline and comparisons name people by. */
import type { Edit } from '@/lib/kube/objects';
import type { EditFact } from '@/lib/topology/details';
import { isoTime } from './draft';

/** Edits as a node has them: nothing where there are none. */
export function withEdits(edits: readonly EditFact[]): { readonly edits?: readonly EditFact[] } {
  return edits.length > 0 ? { edits } : {};
}

/** The last edit of an object; nothing where its managedFields name nobody. */
export function editFacts(
  kind: string,
  {
    namespace,
    name,
    edited,
  }: { readonly namespace: string; readonly name: string; readonly edited: Edit | null },
): readonly EditFact[] {
  const at = edited && isoTime(edited.at);
  return at ? [{ object: `${kind} ${namespace}/${name}`, manager: edited.manager, at }] : [];
}
