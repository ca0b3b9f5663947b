/** What has happened as a viewer is told it who may not see everything. */
import type { ChangeEvent } from '@/lib/history/model';
import type { Finding } from '@/lib/topology/model';
import { partitionOfFinding } from '@/lib/topology/partition/partition-of';
import { opaqueFindingId } from './masked-finding';
import { namespaceOfId } from './owners';
import { hostOfRuleId, meaningAt } from './routes';
import { stringsIn } from './words';

/** What history keeps of a finding. */
export interface FindingWords
  extends Pick<
    Finding,
    'id' | 'code' | 'severity' | 'impact' | 'state' | 'hop' | 'title' | 'cause' | 'since'
  > {
  readonly namespace: string;
  readonly hosts: readonly string[];
  readonly rules: readonly string[];
}

export interface HistoryMask {
  readonly namespaces: ReadonlySet<string>;
  readonly isClean: (text: string) => boolean;
  readonly opaque: (text: string) => string;
  readonly meaningOf: (code: string) => string;
  /** The title of a finding that is open now and seen whole; null where there is none. */
  readonly titleOf: (id: string) => string | null;
}

/** A finding of the past; null where it is no concern of the viewer's. */
export function maskedWords(words: FindingWords, mask: HistoryMask): FindingWords | null {
  const { namespaces } = mask;
  const rules = words.rules.filter((rule) => namespaces.has(namespaceOfId(rule)));
  const isOwn = namespaces.has(words.namespace || partitionOfFinding(words.id));
  if (!isOwn && rules.length === 0) return null;
  const hosts = rules.flatMap((rule) => hostOfRuleId(rule) ?? []);
  // As the live finding is called, so that both are known for the same.
  const id = opaqueFindingId(words, isOwn ? 'generic' : 'withheld', mask.isClean, mask.opaque);
  const cause =
    words.cause !== null && isOwn && namespaces.has(partitionOfFinding(words.cause)) ? words.cause : null;
  return {
    ...words,
    id,
    cause: cause !== null && mask.isClean(cause) ? cause : null,
    namespace: isOwn ? words.namespace : '',
    rules,
    hosts: words.hosts.filter((host) => hosts.includes(host)),
    // What has ended may have named what is gone since: only what is seen whole now is told in its own words.
    title:
      mask.titleOf(words.id) === words.title ? words.title : meaningAt(mask.meaningOf(words.code), rules),
  };
}

/** A change that people or controllers made; null where it is no concern of the viewer's. */
export function maskedChange(event: ChangeEvent, mask: HistoryMask): ChangeEvent | null {
  const [, path = ''] = event.object.split(' ', 2);
  const namespace = path.split('/', 1)[0] ?? '';
  if (!mask.namespaces.has(namespace)) return null;
  const { kind, object, title, fields, who } = event;
  for (const text of stringsIn({ object, title, fields, who })) if (!mask.isClean(text)) return null;
  return {
    kind,
    object,
    title,
    fields,
    who,
    nodes: event.nodes.filter((id) => mask.namespaces.has(namespaceOfId(id))),
  };
}
