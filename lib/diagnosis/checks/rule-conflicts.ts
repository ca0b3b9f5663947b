/** `rule-duplicate-host-path` and `rule-shadowed-path`: told at the Ingress whose rule loses, once for each winner. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { type Conflict, hostConflicts } from '@/lib/diagnosis/host-conflicts';
import { servingController } from '@/lib/diagnosis/lead-controller';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import { dialectOf } from '@/lib/routing/dialect';
import { tieWords } from '@/lib/routing/order';
import type { Reader } from '@/lib/state/cells';
import type { Severity } from '@/lib/topology/model';
import { object } from '@/lib/topology/reads';
import { addressOf } from '@/lib/topology/rules';
import { backendWords, counted, ingressRef, listed, lookAt } from './ingress-parts';

/** Rules of this Ingress that never answer, or of which nobody can say whether they do. */
export function ruleConflicts(read: Reader, unit: IngressUnit): readonly Found[] {
  const hosts = [...new Set(unit.rules.filter((rule) => !rule.isDefault).map((rule) => rule.host))];
  const lost = hosts
    .flatMap((host) => read.query(hostConflicts, host))
    .filter((conflict) => conflict.loser.ingress === unit.key);
  const groups = Map.groupBy(lost, (conflict) => `${conflict.kind} ${conflict.winner.ingress}`);
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
    detail: `${listed(rules.map(addressOf))}: also in Ingress ${winner.words}${first.alike ? ', written with another slash at its end' : ''}; ${wordsOf(read, first)}`,
    evidence: twinEvidence(unit, first, winner),
    fix: {
      summary: summaryOf(severity, ingress.name, winner.words),
      look: [...new Set([lookAt(ingress), winner.look])],
      managedBy: managedBy(ingress),
    },
  });
  const status = loses ? 'broken' : severity === 'degraded' ? 'degraded' : undefined;
  return [{ draft: found, rules: rules.map((rule) => rule.id), ...(status ? { status } : {}) }];
}

function summaryOf(severity: Severity, name: string, winner: string): string {
  if (severity === 'info')
    return `Keep one of the two: both lead to the same backend, and the next change may reach only one.`;
  return `Keep the rule in one Ingress only: take it out of ${name}, or out of ${winner}.`;
}

function titleOf(unit: IngressUnit, worst: readonly Conflict[], winner: string, loses: boolean): string {
  const rules = worst.map((conflict) => conflict.loser.rule);
  const more = rules.length > 1 ? ` (${counted(rules.length, 'rule')})` : '';
  const plain = `Ingress ${unit.ingress.name} repeats rules of ${winner}`;
  if (worst[0]?.sameBackend) return plain;
  return symptomTitle(rules, `${loses ? 'answered' : 'maybe answered'} by Ingress ${winner}${more}`, plain);
}

function winnerOf(read: Reader, { winner, loser }: Conflict) {
  const { namespace, name } = splitKey(winner.ingress);
  const ref = refOf('ingresses', namespace, name, object(read, 'ingresses', winner.ingress)?.uid);
  const words = winner.ingress === loser.ingress ? 'itself' : winner.ingress;
  return { ref, words, look: sh`kubectl -n ${namespace} get ingress ${name} -o yaml` };
}

function wordsOf(read: Reader, { controller, loser, alike, sameBackend, regexMode }: Conflict): string {
  const type = servingController(read, loser.ingress, controller)?.type ?? 'unknown';
  if (sameBackend) return 'both lead to the same backend';
  if (alike) return 'a Prefix means the same with and without it';
  return `${tieWords(dialectOf(type))}${regexMode ? ', here among expressions' : ''}`;
}

function createdWords(read: number | null): string {
  return read === null ? 'unknown' : new Date(read).toISOString();
}

function twinEvidence(
  unit: IngressUnit,
  { loser, winner }: Conflict,
  { ref }: { ref: ReturnType<typeof refOf> },
) {
  return [
    evidence(ingressRef(unit.ingress), addressOf(loser.rule), backendWords(loser.rule.backend)),
    evidence(ref, addressOf(winner.rule), backendWords(winner.rule.backend)),
    evidence(ingressRef(unit.ingress), 'metadata.creationTimestamp', createdWords(unit.ingress.created)),
  ];
}

function shadowed(read: Reader, unit: IngressUnit, group: readonly Conflict[]): readonly Found[] {
  const first = group[0];
  if (!first) return [];
  const { ingress } = unit;
  const rules = group.map((conflict) => conflict.loser.rule);
  const winner = winnerOf(read, first);
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
    title: symptomTitle(rules, `taken by ${addressOf(first.winner.rule)}`, 'A rule is never reached'),
    detail: `${listed(rules.map(addressOf))}: every such request matches ${addressOf(first.winner.rule)} of ${winner.words === 'itself' ? 'the same Ingress' : `Ingress ${winner.words}`} first: ${why}`,
    evidence: twinEvidence(unit, first, winner).slice(0, 2),
    fix: {
      summary: 'Narrow the wider path, or bring the narrower one before it.',
      look: [...new Set([lookAt(ingress), winner.look])],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found, rules: rules.map((rule) => rule.id) }];
}
