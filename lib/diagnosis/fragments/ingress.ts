/** What one Ingress contributes: its rules, who serves them, and where they lead. */

import { annotationFacts } from '@/lib/diagnosis/annotation-facts';
import { type BackendJudgement, judgeBackend, type Lead } from '@/lib/diagnosis/backend-judgement';
import { canaryOf, canaryStatus, ofCanary } from '@/lib/diagnosis/canary';
import { notServedFindings } from '@/lib/diagnosis/checks/class';
import { controllerHealth } from '@/lib/diagnosis/controller-health';
import { type Draft, EMPTY_FRAGMENT, type Fragment } from '@/lib/diagnosis/draft';
import { editFacts, withEdits } from '@/lib/diagnosis/edit-facts';
import { leadAnswers, leadController } from '@/lib/diagnosis/lead-controller';
import { ingressChecks } from '@/lib/diagnosis/registry';
import { affected, symptomTitle } from '@/lib/diagnosis/symptoms';
import type { Ingress } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import type { RuleDetail } from '@/lib/topology/details';
import type { Status, TopologyNode } from '@/lib/topology/model';
import { object } from '@/lib/topology/reads';
import { addressOf, ingressRules, type Rule } from '@/lib/topology/rules';
import { type Serving, serving } from '@/lib/topology/serving';
import { worse, worst } from '@/lib/topology/status';
import { teamOf } from '@/lib/topology/team';
import { backendParts } from './backend';
import { node } from './parts';
import { servingParts } from './serving';
import { type TlsJudgement, tlsParts } from './tls';
import { withFoundAtRules } from './with-found';

/** The fragment of the Ingress with key `NS/NAME`. */
export const ingressFragment: Query<Fragment> = {
  name: 'ingress-fragment',
  level: 10,
  compute: (read, key) => {
    const ingress = object(read, 'ingresses', key);
    return ingress ? fragmentOf(read, key, ingress) : EMPTY_FRAGMENT;
  },
};

/** What one rule was judged to be. */
export interface RuleJudgement {
  readonly rule: Rule;
  readonly backend: BackendJudgement;
  readonly status: Status;
  readonly answer: number | null;
}

function fragmentOf(read: Reader, key: string, ingress: Ingress): Fragment {
  const rules = read.query(ingressRules, key);
  const served = read.query(serving, key);
  const notServed = notServedFindings(read, ingress, served);
  const controller = leadController(read, key);
  const answers = leadAnswers(controller);
  const canary = canaryOf(read, key);
  const lead: Lead = { type: controller?.type, answers };
  const serves = serviceStatus(read, served);
  const tls = tlsParts(read, ingress, rules, controller, answers);
  const team = teamOf(read, ingress);
  const judged = rules.map((rule) => {
    const backend = judgeBackend(read, ingress, rule, lead);
    return judgeRule(
      rule,
      canary ? { ...backend, status: canaryStatus(backend.status), answer: null } : backend,
      serves,
      tls,
    );
  });
  const parts = {
    nodes: judged.map((entry) => withTeam(ruleNode(ingress, entry, served, notServed, tls), team)),
    backends: judged.map((entry) => backendParts(read, ingress, entry)),
    serving: servingParts(read, key, ingress, rules, served, notServed, serves.status),
  };
  const drawn: Fragment = {
    nodes: [...parts.nodes, ...parts.backends.flatMap((b) => b.nodes), ...parts.serving.nodes, ...tls.nodes],
    edges: [...parts.backends.flatMap((b) => b.edges), ...parts.serving.edges, ...tls.edges],
    findings: [
      ...notServed.map((found) => notServedHarm(found, rules, notServed)),
      ...backendFindings(judged, served.problem === null || served.problem === 'unknown', canary),
      ...tls.drafts,
    ],
  };
  return withFoundAtRules(drawn, rules, read.query(ingressChecks, key));
}

interface ServiceStatus {
  readonly status: Status;
  readonly reason: string;
}

/** Whether somebody who can carry traffic serves the Ingress. */
function serviceStatus(read: Reader, served: Serving): ServiceStatus {
  if (served.problem === 'unknown') return { status: 'unknown', reason: served.reason };
  if (served.problem !== null) return { status: 'broken', reason: served.reason };
  const all = served.controllers.map((id) => read.query(controllerHealth, id));
  // One that is switched off beside one that serves is a spare: nobody is sent there.
  const atWork = all.filter((health) => !health.idle);
  const healths = (atWork.length > 0 ? atWork : all).map((health) => health.status);
  const broken = healths.filter((status) => status === 'broken').length;
  if (broken === 0) return { status: worst(healths), reason: '' };
  return {
    status: broken === healths.length ? 'broken' : 'degraded',
    reason: 'its controller cannot carry traffic',
  };
}

function judgeRule(
  rule: Rule,
  backend: BackendJudgement,
  serves: ServiceStatus,
  tls: TlsJudgement,
): RuleJudgement {
  const status = worse(worse(serves.status, backend.status), tls.ruleStatus(rule));
  return { rule, backend, status, answer: serves.status === 'broken' ? null : backend.answer };
}

function withTeam(rule: TopologyNode, team: string): TopologyNode {
  return team === '' ? rule : { ...rule, detail: { ...rule.detail, team } };
}

/** Longest path first, default backends last: the order in which a host's rules are drawn. */
function orderOf(rule: Rule): number {
  return rule.isDefault ? 100_000 : 10_000 - Math.min(rule.path.length, 9_999);
}

function ruleNode(
  ingress: Ingress,
  judged: RuleJudgement,
  served: Serving,
  notServed: readonly Draft[],
  tls: TlsJudgement,
): TopologyNode {
  const { rule, backend } = judged;
  const detail: RuleDetail & { reason: string } = {
    host: rule.host,
    path: rule.path,
    pathType: rule.pathType,
    ingress: ingress.name,
    class: served.className,
    order: orderOf(rule),
    service: rule.backend?.type === 'service' ? rule.backend.name : null,
    port: rule.port,
    tls: tls.ruleDetail(rule),
    answer: judged.answer,
    reason: served.reason || backend.reason,
    ...annotationFacts(ingress),
    ...withEdits([...editFacts('Ingress', ingress), ...tls.ruleEdits(rule)]),
  };
  return node({
    id: rule.id,
    kind: 'rule',
    name: addressOf(rule),
    namespace: ingress.namespace,
    status: judged.status,
    ref: refOf('ingresses', ingress.namespace, ingress.name, ingress.uid),
    findings: [...notServed.map((found) => found.id), ...backend.findings, ...tls.ruleFindings(rule)],
    detail,
  });
}

/** The symptom is told in a user's words; what explains it, and what is not known of the cluster, in its own. */
function notServedHarm(found: Draft, rules: readonly Rule[], all: readonly Draft[]): Draft {
  const explains = found.state === 'unknown' || all.some((other) => other.cause === found.id);
  return explains ? { ...found, affects: affected(rules, null) } : harming(found, rules, null, 'not served');
}

/** Findings made at the backends, each once, harming every rule that leads there. */
function backendFindings(
  judged: readonly RuleJudgement[],
  served: boolean,
  canary: string | null,
): readonly Draft[] {
  const byId = new Map<string, { draft: Draft; rules: Rule[]; answer: number | null }>();
  // A rule that nobody serves is not harmed by its backend: it is down before that.
  for (const { rule, backend } of judged) {
    for (const found of backend.drafts) {
      const entry = byId.get(found.id) ?? { draft: found, rules: [], answer: backend.answer };
      if (served) entry.rules.push(rule);
      byId.set(found.id, entry);
    }
  }
  const causes = new Set([...byId.values()].map(({ draft }) => draft.cause));
  return [...byId.values()].map(({ draft, rules, answer }) => {
    const broken = draft.severity === 'broken';
    const harmed = { ...draft, affects: affected(rules, broken ? answer : null) };
    if (canary && rules[0]) return ofCanary(harmed, addressOf(rules[0]), canary);
    // The symptom is told in a user's words; what explains it in its own.
    return broken && !causes.has(draft.id) ? harming(draft, rules, answer, answer ?? 'fails') : harmed;
  });
}

/** A finding with whom it harms, titled by what a user gets there. */
export function harming(
  found: Draft,
  rules: readonly Rule[],
  answer: number | null,
  word: number | string,
): Draft {
  return { ...found, affects: affected(rules, answer), title: symptomTitle(rules, word, found.title) };
}
