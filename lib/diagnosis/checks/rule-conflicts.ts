/** `rule-duplicate-host-path` and `rule-shadowed-path`: told at the Ingress whose rule loses, once for each winner. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence, isoTime, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { type Conflict, hostConflicts } from '@/lib/diagnosis/host-conflicts';
import { servingController } from '@/lib/diagnosis/lead-controller';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import { type Ref, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import { dialectOf } from '@/lib/routing/dialect';
import { tieWords } from '@/lib/routing/order';
import type { Reader } from '@/lib/state/cells';
import { hostRules } from '@/lib/topology/hosts';
import type { Severity } from '@/lib/topology/model';
import { object } from '@/lib/topology/reads';
import { addressOf } from '@/lib/topology/rules';
import { backendWords, counted, ingressRef, listed, lookAt } from './ingress-parts';

/** Rules of this Ingress that never answer, or of which nobody can say whether they do. */
export function ruleConflicts(read: Reader, unit: IngressUnit): readonly Found[] {
  const hosts = new Set<string>();
  for (const rule of unit.rules) if (!rule.isDefault) hosts.add(rule.host);
  const lost: Conflict[] = [];
  for (const host of hosts) {
    // Most hosts have one rule, which no other gets in the way of.
    if (read.query(hostRules, host).length < 2) continue;
    for (const conflict of read.query(hostConflicts, host))
      if (conflict.loser.ingress === unit.key) lost.push(conflict);
  }
  if (lost.length === 0) return [];
  // Two controllers of one class come to the same end.
  const once = new Map(
    lost.map((entry) => [`${entry.kind} ${entry.winner.rule.id} ${entry.loser.rule.id}`, entry]),
  );
  const groups = Map.groupBy(once.values(), (conflict) => `${conflict.kind} ${conflict.winner.ingress}`);
  return [...groups.values()].flatMap((group) =>
    group[0]?.kind === 'duplicate' ? duplicate(read, unit, group) : shadowed(read, unit, group),
  );
}

type Level = { readonly severity: Severity; readonly weight: number };

function levelOf({ sameBackend, decided, alike }: Conflict): Level {
  if (sameBackend) return { severity: 'info', weight: 0 };
  if (alike) return { severity: 'warning', weight: 1 };
  return decided ? { severity: 'broken', weight: 3 } : { severity: 'degraded', weight: 2 };
}

function duplicate(read: Reader, unit: IngressUnit, group: readonly Conflict[]): readonly Found[] {
  const top = Math.max(...group.map((conflict) => levelOf(conflict).weight));
  const worst = group.filter((conflict) => levelOf(conflict).weight === top);
  const first = worst[0];
  if (!first) return [];
  const { severity } = levelOf(first);
  const { ingress } = unit;
  const rules = worst.map((conflict) => conflict.loser.rule);
  const winner = winnerOf(read, first);
  const loses = severity === 'broken';
  const found = draft({
    code: 'rule-duplicate-host-path',
    severity,
    impact: severity === 'info' ? 'risk' : 'traffic',
    hop: 'rule',
    subject: ingressRef(ingress),
    discriminator: first.winner.ingress,
    related: [winner.ref],
    holdMs: OBJECT_HOLD_MS,
    title: titleOf(unit, worst, winner.words, loses),
    detail: `${listed(rules.map(addressOf))}: ${whereWords(first, winner.words)}; ${wordsOf(read, first)}`,
    evidence: twinEvidence(unit, first, winner),
    fix: {
      summary: summaryOf(first, ingress.name, winner.words),
      look: [...new Set([lookAt(ingress), winner.look])],
      managedBy: managedBy(ingress),
    },
  });
  const status = loses ? 'broken' : severity === 'degraded' ? 'degraded' : undefined;
  return [{ draft: found, rules: rules.map((rule) => rule.id), ...(status ? { status } : {}) }];
}

/** Whether both rules stand in one Ingress. */
function isOwn({ winner, loser }: Conflict): boolean {
  return winner.ingress === loser.ingress;
}

function whereWords(conflict: Conflict, winner: string): string {
  const { alike, loser, winner: other } = conflict;
  if (alike) return `also in Ingress ${winner}, with another slash at its end`;
  if (isOwn(conflict)) return 'written twice in this Ingress';
  return loser.rule.path === other.rule.path ? `also in Ingress ${winner}` : `Ingress ${winner} has the host`;
}

function summaryOf(conflict: Conflict, name: string, winner: string): string {
  if (isOwn(conflict)) return `Take one of the two out of ${name}.`;
  return conflict.sameBackend
    ? 'Keep one of the two: they lead to the same backend, and the next change may reach only one.'
    : `Keep the rule in one Ingress only: take it out of ${name}, or out of ${winner}.`;
}

function titleOf(unit: IngressUnit, worst: readonly Conflict[], winner: string, loses: boolean): string {
  const rules = worst.map((conflict) => conflict.loser.rule);
  const more = rules.length > 1 ? ` (${counted(rules.length, 'rule')})` : '';
  const plain = `Ingress ${unit.ingress.name} repeats rules of ${winner}`;
  const [first] = worst;
  if (!first || first.sameBackend) return plain;
  if (isOwn(first))
    return symptomTitle(rules, `${loses ? 'answered' : 'maybe answered'} by its twin${more}`, plain);
  return symptomTitle(rules, `${loses ? 'answered' : 'maybe answered'} by Ingress ${winner}${more}`, plain);
}

interface Winner {
  readonly ref: Ref;
  readonly created: number | null;
  readonly words: string;
  readonly look: string;
}

function ageWords(created: number | null): string {
  return (created === null ? null : isoTime(created)) ?? 'not known';
}

function winnerOf(read: Reader, { winner, loser }: Conflict): Winner {
  const { namespace, name } = splitKey(winner.ingress);
  const ingress = object(read, 'ingresses', winner.ingress);
  const ref = refOf('ingresses', namespace, name, ingress?.uid);
  const words = winner.ingress === loser.ingress ? `${name} itself` : winner.ingress;
  return {
    ref,
    created: ingress?.created ?? null,
    words,
    look: sh`kubectl -n ${namespace} get ingress ${name} -o yaml`,
  };
}

function wordsOf(read: Reader, conflict: Conflict): string {
  const { controller, loser, alike, sameBackend, decided, regexMode } = conflict;
  const type = servingController(read, loser.ingress, controller)?.type ?? 'unknown';
  if (sameBackend) return 'both lead to the same backend';
  if (alike) return 'a Prefix means the same with and without it';
  if (isOwn(conflict) && decided)
    return `this controller takes the ${type === 'gce' ? 'last' : 'first'} of them`;
  return `${tieWords(dialectOf(type))}${regexMode ? ', here among expressions' : ''}`;
}

function twinEvidence(unit: IngressUnit, { loser, winner }: Conflict, { ref, created }: Winner) {
  const own = ingressRef(unit.ingress);
  const ages =
    loser.ingress === winner.ingress
      ? []
      : [
          evidence(own, 'metadata.creationTimestamp', ageWords(unit.ingress.created)),
          evidence(ref, 'metadata.creationTimestamp', ageWords(created)),
        ];
  return [
    evidence(own, addressOf(loser.rule), backendWords(loser.rule.backend)),
    evidence(ref, addressOf(winner.rule), backendWords(winner.rule.backend)),
    ...ages,
  ];
}

function shadowed(read: Reader, unit: IngressUnit, group: readonly Conflict[]): readonly Found[] {
  const first = group[0];
  if (!first) return [];
  const { ingress } = unit;
  const rules = group.map((conflict) => conflict.loser.rule);
  const winner = winnerOf(read, first);
  const wide = `${addressOf(first.winner.rule)}${first.winner.rule.path === first.loser.rule.path ? ` (${first.winner.rule.pathType})` : ''}`;
  const why = first.regexMode
    ? 'on this host ingress-nginx reads every path as an expression, the longest first'
    : 'this controller tries it first';
  const found = draft({
    code: 'rule-shadowed-path',
    severity: 'warning',
    hop: 'rule',
    subject: ingressRef(ingress),
    discriminator: first.winner.ingress,
    related: [winner.ref],
    holdMs: OBJECT_HOLD_MS,
    title: symptomTitle(rules, `taken by ${wide}`, 'A rule is never reached'),
    detail: `${listed(rules.map(addressOf))}: every such request matches ${wide} of ${isOwn(first) ? 'the same Ingress' : `Ingress ${winner.words}`} first: ${why}`,
    evidence: twinEvidence(unit, first, winner).slice(0, 2),
    fix: {
      summary: 'Narrow the wider path, or bring the narrower one before it.',
      look: [...new Set([lookAt(ingress), winner.look])],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found, rules: rules.map((rule) => rule.id) }];
}
