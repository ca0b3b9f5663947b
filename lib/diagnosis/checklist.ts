/** The eleven questions that people run down by hand for a host and path (TRUTH, last section): what has been ruled out. */

import { type Answer, type ChecklistContext, notLooked } from '@/lib/diagnosis/checklist/answer';
import { classRight, endpointsReady, serviceThere } from '@/lib/diagnosis/checklist/backend';
import { controllersFor, exposed, installed, running } from '@/lib/diagnosis/checklist/controller';
import { logsComplain } from '@/lib/diagnosis/checklist/controller-logs';
import { findRule, requestOf } from '@/lib/diagnosis/checklist/find-rule';
import { resolves, ruleExists } from '@/lib/diagnosis/checklist/names';
import { policiesLetThrough } from '@/lib/diagnosis/checklist/network-policy';
import { tlsValid } from '@/lib/diagnosis/checklist/tls';
import type { Graph } from '@/lib/topology/graph';
import type { Evidence } from '@/lib/topology/model';

/** In TRUTH's order. */
const QUESTIONS = {
  'controller-installed': 'Is an ingress controller installed?',
  'controller-running': 'Is its pod running?',
  'controller-exposed': 'Is its Service exposed?',
  dns: 'Does DNS point to it?',
  'rule-exists': 'Does an Ingress with this host and path exist?',
  class: 'Is its class the right one?',
  'service-port': 'Does the Service exist, with that port?',
  endpoints: 'Has it ready endpoints?',
  tls: 'Is the TLS Secret valid for the host?',
  'network-policy': 'Do NetworkPolicies let the controller through?',
  'controller-logs': 'Do the controller’s logs complain?',
} as const;

export type QuestionId = keyof typeof QUESTIONS;

export interface Question {
  readonly id: QuestionId;
  readonly question: string;
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly detail: string;
  readonly evidence: readonly Evidence[];
  /** RFC 3339; null: nothing was looked at. */
  readonly checkedAt: string | null;
  readonly findings: readonly string[];
}

export interface Checklist {
  readonly host: string;
  readonly path: string;
  readonly questions: readonly Question[];
}

/** Answers all questions from the graph; what a version does not look at is `unknown`, never `pass`. */
export function checklist(graph: Graph, host: string, path: string, context: ChecklistContext): Checklist {
  const request = requestOf(host, path);
  const found = findRule(graph, request.host, request.path);
  const rule = found.type === 'rule' ? found.rule : null;
  const controllers = controllersFor(graph, rule);
  const ofRule = (answer: (node: NonNullable<typeof rule>) => Answer) =>
    rule ? answer(rule) : notLooked('no rule takes this host and path');
  const answers: Readonly<Record<QuestionId, Answer>> = {
    'controller-installed': installed(graph, rule, controllers, context),
    'controller-running': running(graph, controllers, context),
    'controller-exposed': exposed(graph, rule, controllers, context),
    dns: resolves(graph, request.host, context),
    'rule-exists': ruleExists(graph, request, found, context),
    class: ofRule((node) => classRight(graph, node, controllers, context)),
    'service-port': ofRule((node) => serviceThere(graph, node, context)),
    endpoints: ofRule((node) => endpointsReady(graph, node, context)),
    tls: ofRule((node) => tlsValid(graph, request.host, node, context)),
    'network-policy': ofRule((node) => policiesLetThrough(graph, node, context)),
    'controller-logs': logsComplain(graph, rule, controllers, context),
  };
  return {
    host: request.host === '' ? '*' : request.host,
    path: request.path,
    questions: (Object.keys(QUESTIONS) as QuestionId[]).map((id) => asked(id, answers[id], context)),
  };
}

function asked(id: QuestionId, answer: Answer, context: ChecklistContext): Question {
  const { verdict, detail, evidence = [], findings = [], checkedAt = context.takenAt } = answer;
  return { id, question: QUESTIONS[id], verdict, detail, evidence, checkedAt, findings };
}
