/** The TLS entries of an Ingress, judged and drawn. */
import type { Answers } from '@/lib/controllers/types';
import { type Draft, isoTime } from '@/lib/diagnosis/draft';
import { editFacts } from '@/lib/diagnosis/edit-facts';
import { affected } from '@/lib/diagnosis/symptoms';
import { type EntryRules, entriesOf } from '@/lib/diagnosis/tls/entries';
import { type EntryJudgement, judgeEntry } from '@/lib/diagnosis/tls/judge-entry';
import { heldElsewhere } from '@/lib/diagnosis/tls/termination';
import type { Ingress } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import type { EditFact, RuleDetail } from '@/lib/topology/details';
import { coversName } from '@/lib/topology/host-names';
import { secretId } from '@/lib/topology/ids';
import type { Status, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import type { Rule } from '@/lib/topology/rules';
import { serving } from '@/lib/topology/serving';
import { worse } from '@/lib/topology/status';
import { edge, node } from './parts';

export interface TlsJudgement {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly drafts: readonly Draft[];
  /** What TLS makes of a rule: https clients alone are harmed, so at worst degraded unless TLS is refused. */
  ruleStatus(rule: Rule): Status;
  ruleDetail(rule: Rule): RuleDetail['tls'];
  ruleFindings(rule: Rule): readonly string[];
  /** Who last changed the Secret for its host. */
  ruleEdits(rule: Rule): readonly EditFact[];
}

interface Entry extends EntryRules {
  readonly judged: EntryJudgement;
}

/** Names of a certificate that a rule tells of; those that are for its host come first. */
const MOST_NAMES = 10;

/** Judges the entries with a Secret's name. A Secret is drawn where something is wrong with it, missing ones as ghosts. */
export function tlsParts(
  read: Reader,
  ingress: Ingress,
  rules: readonly Rule[],
  controller: Controller | undefined,
  answers: Answers | null,
): TlsJudgement {
  // Where nobody can be seen to serve it, what would be served is not known either: the rule says so itself.
  const unseen =
    !controller && read.query(serving, objectKey(ingress.namespace, ingress.name)).problem === 'unknown';
  const named =
    ingress.tls.length === 0 || unseen || heldElsewhere(read, ingress, controller) !== null
      ? []
      : entriesOf(ingress, rules).filter((entry) => entry.secretName !== '');
  const entries = named.map((entry): Entry => {
    const judged = judgeEntry(read, { ...entry, ingress, controller, answers });
    return { ...entry, judged };
  });
  const byRule = new Map<Rule, Entry[]>();
  for (const entry of entries)
    for (const rule of entry.rules) byRule.set(rule, [...(byRule.get(rule) ?? []), entry]);
  const of = (rule: Rule): readonly Entry[] => byRule.get(rule) ?? [];
  const drawn = entries.filter(({ judged }) => isDrawn(judged));
  return {
    nodes: drawn.map((entry) => secretNode(ingress, entry)),
    edges: drawn.flatMap((entry) => entry.rules.map((rule) => secretEdge(ingress, entry, rule))),
    drafts: entries.flatMap(draftsOf),
    ruleStatus: (rule) =>
      of(rule).reduce<Status>((status, { judged }) => worse(status, judged.ruleStatus), 'ok'),
    ruleDetail: (rule) => detailOf(rule, of(rule)[0]),
    ruleEdits: (rule) =>
      of(rule)
        .slice(0, 1)
        .flatMap(({ judged }) => (judged.secret ? editFacts('Secret', judged.secret) : [])),
    ruleFindings: (rule) => [...new Set(of(rule).flatMap((entry) => findingsOf(entry.judged)))],
  };
}

function isDrawn({ state, status }: EntryJudgement): boolean {
  return state !== 'unknown' && (status === 'broken' || status === 'degraded' || status === 'warning');
}

/** Ids at the Secret: what is wrong with it, or else why it will be. */
function findingsOf({ drafts, causes }: EntryJudgement): readonly string[] {
  const told = drafts.some((draft) => draft.state === 'open') ? drafts : [...drafts, ...causes];
  return told.map((draft) => draft.id);
}

/** Hints harm nobody; of what explains a fault, the fault itself tells whom it harms. */
function draftsOf({ judged, rules }: Entry): readonly Draft[] {
  const harmed = affected(rules, null);
  const harming = (draft: Draft): Draft =>
    draft.state === 'unknown' || draft.impact === 'risk' ? draft : { ...draft, affects: harmed };
  const paints = judged.ruleStatus !== 'ok';
  return [...judged.drafts.map(harming), ...(paints ? judged.causes.map(harming) : judged.causes)];
}

function secretNode(ingress: Ingress, { secretName, judged }: Entry): TopologyNode {
  const { secret } = judged;
  const certificate = secret?.certificate;
  return node({
    id: secretId(ingress.namespace, secretName),
    kind: 'secret',
    name: secretName,
    namespace: ingress.namespace,
    status: judged.status,
    ref: refOf('secrets', ingress.namespace, secretName, secret?.uid),
    findings: findingsOf(judged),
    detail: secret
      ? {
          reason: judged.label,
          names: certificate?.names.slice(0, MOST_NAMES) ?? [],
          issuer: certificate?.issuer ?? '',
          notAfter: certificate ? isoTime(certificate.notAfter) : null,
        }
      : { ghost: true, reason: `Secret not found in ${ingress.namespace}` },
  });
}

function secretEdge(ingress: Ingress, { secretName, judged }: Entry, rule: Rule): TopologyEdge {
  return edge({
    source: rule.id,
    target: secretId(ingress.namespace, secretName),
    kind: 'terminates',
    status: judged.status,
    basis: 'declared',
    label: judged.label,
    findings: findingsOf(judged),
  });
}

function detailOf(rule: Rule, entry: Entry | undefined): RuleDetail['tls'] {
  if (!entry) return null;
  const certificate = entry.judged.secret?.certificate;
  if (!certificate) return { secret: entry.secretName, notAfter: null, names: null, issuer: null };
  const all = [...certificate.names, ...certificate.addresses];
  const own = all.filter((name) => coversName(name, rule.host));
  return {
    secret: entry.secretName,
    notAfter: isoTime(certificate.notAfter),
    names: [...own, ...all.filter((name) => !own.includes(name))].slice(0, MOST_NAMES),
    issuer: certificate.issuer,
  };
}
