/** Findings as a viewer sees them who may not see everything. */
import type { Ref } from '@/lib/kube/refs';
import { hostId } from '@/lib/topology/ids';
import type { Affected, Finding } from '@/lib/topology/model';
import { HIDDEN_REASON } from './masked-node';
import { namespaceOfId, namespaceOfRef } from './owners';
import { meaningAt } from './routes';
import { stringsIn } from './words';

/**
 * `whole`: nothing in it is of others. `generic`: it is about something of the viewer's, and names something of others.
 * `withheld`: it is about something of others, and harms something of the viewer's. null: it is no concern of his.
 */
export type FindingSight = 'whole' | 'generic' | 'withheld' | null;

export interface FindingContext {
  readonly namespaces: ReadonlySet<string>;
  readonly sees: (node: string) => boolean;
  readonly isClean: (text: string) => boolean;
}

/** How a finding is seen. */
export function sightOf(finding: Finding, context: FindingContext): FindingSight {
  const { subject } = finding;
  const namespace = namespaceOfRef(subject);
  const harmed = finding.affects.some((affected) => isOwn(affected, context));
  const concerned =
    namespace === ''
      ? harmed || (subject.kind === 'Host' && context.sees(hostId(subject.name)))
      : context.namespaces.has(namespace);
  if (!concerned) return harmed ? 'withheld' : null;
  const refs = [...finding.related, ...finding.evidence.flatMap(({ ref }) => ref ?? [])];
  const told = { ...finding, evidence: evidenceFor(finding, context) };
  return refs.every((ref) => mayName(ref, context)) && isCleanFinding(told, context) ? 'whole' : 'generic';
}

/** What the cluster as a whole shows (`there is class-a, class-b`) may name what only others use: that alone is left out. */
function evidenceFor({ evidence }: Finding, { isClean }: FindingContext): Finding['evidence'] {
  const told = evidence.filter(({ ref, value }) => ref === null || ref.namespace !== '' || isClean(value));
  return told.length === evidence.length ? evidence : told;
}

/** Every text by which a finding could name something. */
export function* textsOf(finding: Finding): Generator<string> {
  const { id, title, detail, evidence, fix, subject, related } = finding;
  yield* [id, title, detail];
  yield* stringsIn([evidence, fix, subject, related]);
}

/** The id by which the viewer knows it; null where he knows nothing of it. */
export function findingIdOf(
  finding: Finding,
  sight: FindingSight,
  isClean: (text: string) => boolean,
  opaque: (text: string) => string,
): string | null {
  if (sight === null) return null;
  return sight === 'whole' ? finding.id : opaqueFindingId(finding, sight, isClean, opaque);
}

/** The id of a finding without what only others know: of one about the viewer's own as much as he knows himself. */
export function opaqueFindingId(
  { id, code }: Pick<Finding, 'id' | 'code'>,
  sight: 'generic' | 'withheld',
  isClean: (text: string) => boolean,
  opaque: (text: string) => string,
): string {
  if (sight === 'withheld') return `${code}:Object/-/${opaque(id)}`;
  if (isClean(id)) return id;
  const at = id.indexOf('#');
  const bare = at < 0 ? code : id.slice(0, at);
  return `${isClean(bare) ? bare : code}#${opaque(id)}`;
}

export interface Told {
  readonly id: string;
  /** Id of the cause as the viewer knows it. */
  readonly cause: string | null;
  readonly meaning: string;
}

/** The finding as it is told to the viewer. */
export function maskedFinding(
  finding: Finding,
  sight: Exclude<FindingSight, null>,
  told: Told,
  context: FindingContext,
): Finding {
  const own = finding.affects.filter((affected) => isOwn(affected, context));
  const affects = own.length === finding.affects.length ? finding.affects : own;
  if (sight === 'whole') {
    const evidence = evidenceFor(finding, context);
    const same = affects === finding.affects && evidence === finding.evidence && told.cause === finding.cause;
    return same ? finding : { ...finding, affects, evidence, cause: told.cause };
  }
  const { code, severity, impact, state, settled, hop, since } = finding;
  return {
    id: told.id,
    code,
    severity,
    impact,
    state,
    settled,
    hop,
    cause: told.cause,
    affects,
    subject: sight === 'generic' ? finding.subject : HIDDEN,
    related: [],
    title: meaningAt(
      told.meaning,
      own.map(({ rule }) => rule),
    ),
    detail:
      sight === 'generic'
        ? 'More is in a namespace that you may not see.'
        : `What is at fault is ${HIDDEN_REASON}.`,
    evidence: [],
    fix: { summary: 'Ask who may see the whole cluster.', look: [], change: [], managedBy: null },
    since,
  };
}

/** In the place of an object that may not be named. */
const HIDDEN: Ref = { group: '', version: '', resource: '', kind: 'Object', namespace: '', name: 'hidden' };

/** Whether what is harmed is the viewer's: a rule or Service in a namespace of his. */
function isOwn({ rule }: Affected, { namespaces }: FindingContext): boolean {
  return namespaces.has(namespaceOfId(rule));
}

/** Hosts must be seen; what else has no namespace (classes, nodes) is named only where it bears on the viewer's own. */
function mayName(ref: Ref, { namespaces, sees }: FindingContext): boolean {
  const namespace = namespaceOfRef(ref);
  if (namespace !== '') return namespaces.has(namespace);
  return ref.kind !== 'Host' || sees(hostId(ref.name));
}

function isCleanFinding(finding: Finding, { isClean }: FindingContext): boolean {
  for (const text of textsOf(finding)) if (!isClean(text)) return false;
  return true;
}
