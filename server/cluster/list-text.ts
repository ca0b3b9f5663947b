import 'server-only';
import type { KindName } from '@/lib/kube/objects';

/** The kinds there are most of. Controllers make them: who set which of their fields nobody asks. */
const UNMANAGED: ReadonlySet<KindName> = new Set(['pods', 'endpointslices']);
const MANAGERS = '"managedFields":[{';

/** How the items of a kind's lists are parsed. */
export function itemParser(kind: KindName): (text: string) => unknown {
  return UNMANAGED.has(kind) ? parseUnmanaged : JSON.parse;
}

function parseUnmanaged(text: string): unknown {
  try {
    return JSON.parse(unmanaged(text));
  } catch {
    return JSON.parse(text);
  }
}

/**
 * The objects without their `managedFields`, a third of a pod's bytes. Its entries hold no lists (apimachinery
 * `ManagedFieldsEntry`, `FieldsV1`), so the first `}]` ends it, except in a text. What a cut within a text leaves is no
 * JSON: each quote in it is escaped, and where it ends the unquoted name of a field follows.
 */
function unmanaged(text: string): string {
  let out = '';
  let at = 0;
  for (;;) {
    const from = text.indexOf(MANAGERS, at);
    const to = from < 0 ? -1 : endOfEntries(text, from);
    if (to < 0) return out + text.slice(at);
    out += text.slice(at, from + MANAGERS.length - 1);
    at = to + 1;
  }
}

/** Index of the first `}]`. Braces abound there and brackets do not: to look for these is quicker. */
function endOfEntries(text: string, from: number): number {
  let at = text.indexOf(']', from);
  while (at >= 0 && text[at - 1] !== '}') at = text.indexOf(']', at + 1);
  return at - 1;
}
