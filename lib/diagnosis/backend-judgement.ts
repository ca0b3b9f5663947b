/** What a rule's backend can serve: the Service, its port, and what stands behind it. */
import type { Answers } from '@/lib/controllers/types';
import type { Ingress } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/query-engine';
import type { Status } from '@/lib/topology/model';
import type { Rule } from '@/lib/topology/rules';
import { serviceMissing } from './checks/service-missing';
import { portMissing } from './checks/service-port';
import type { Draft } from './draft';
import { type PortHealth, type ServiceHealth, serviceHealth } from './service-health';

export interface BackendJudgement {
  readonly status: Status;
  /** HTTP status a user gets; null where the request is handed on, or where it is not known. */
  readonly answer: number | null;
  /** Ids of the findings at this link, symptom first. */
  readonly findings: readonly string[];
  /** New findings of this link, without `affects`. */
  readonly drafts: readonly Draft[];
  /** Number of the Service port that is meant, where it could be resolved. */
  readonly port: number | string | null;
  /** Short words for the edge when it is broken. */
  readonly label: string;
  readonly reason: string;
}

const FINE: BackendJudgement = {
  status: 'ok',
  answer: null,
  findings: [],
  drafts: [],
  port: null,
  label: '',
  reason: '',
};

/** Judges the backend of one rule; `answers` are those of the controller in charge, null when nobody serves it. */
export function judgeBackend(
  read: Reader,
  ingress: Ingress,
  rule: Rule,
  answers: Answers | null,
): BackendJudgement {
  if (!rule.backend) return { ...FINE, status: 'unknown', reason: 'the rule has no readable backend' };
  if (rule.backend.type === 'resource') {
    return {
      ...FINE,
      status: 'unknown',
      reason: `resource backends (${rule.backend.kind} ${rule.backend.name}) are not followed`,
    };
  }
  const key = rule.service as string;
  const health = read.query(serviceHealth, key);
  if (health.state === 'unknown')
    return { ...FINE, status: 'unknown', port: rule.port, reason: health.reason };
  if (health.state === 'missing') {
    const drafts = serviceMissing(read, ingress, key);
    const answer = answers?.serviceMissing ?? null;
    return {
      status: 'broken',
      answer,
      drafts,
      findings: ids(drafts),
      port: rule.port,
      label: 'Service not found',
      reason: '',
    };
  }
  if (health.externalName)
    return {
      ...FINE,
      status: 'unknown',
      port: rule.port,
      reason: `${health.externalName} lies outside: its health is not known`,
    };
  return judgePort(read, ingress, rule, health, answers);
}

function judgePort(
  read: Reader,
  ingress: Ingress,
  rule: Rule,
  health: ServiceHealth,
  answers: Answers | null,
): BackendJudgement {
  const port = health.ports.find((candidate) =>
    typeof rule.port === 'number'
      ? candidate.port === rule.port
      : candidate.name === rule.port && rule.port !== '',
  );
  if (port) return ofPort(port, health, answers, []);
  if (rule.port === null) return { ...FINE, status: 'unknown', reason: 'the backend names no port' };
  const byTarget = health.ports.find((candidate) => String(candidate.targetPort) === String(rule.port));
  const drafts = portMissing(read, ingress, rule, health, byTarget ?? null, answers);
  if (byTarget && answers?.portByTargetPort) return ofPort(byTarget, health, answers, drafts);
  return {
    status: 'broken',
    answer: answers?.portMissing ?? null,
    drafts,
    findings: ids(drafts),
    port: rule.port,
    label: `no port ${rule.port}`,
    reason: '',
  };
}

function ofPort(
  port: PortHealth,
  health: ServiceHealth,
  answers: Answers | null,
  drafts: readonly Draft[],
): BackendJudgement {
  // Behind a rule that nobody serves, endpoints are nobody's business: no alarm is raised there (TRUTH "Empty endpoints").
  if (answers === null) return { ...FINE, drafts, findings: ids(drafts), port: port.port };
  const dead = port.status === 'broken';
  const tolerated = port.status === 'ok' && drafts.length > 0;
  return {
    status: tolerated ? 'warning' : port.status,
    answer: dead ? (answers?.noEndpoints ?? null) : null,
    drafts,
    findings: [...ids(drafts), ...port.findings],
    port: port.port,
    label: '',
    reason: port.status === 'unknown' ? health.reason : '',
  };
}

function ids(drafts: readonly Draft[]): readonly string[] {
  return drafts.map((entry) => entry.id);
}
