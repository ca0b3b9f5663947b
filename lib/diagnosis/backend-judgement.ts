/** What a rule's backend can serve: the Service, its port, and what stands behind it. */
import type { Answers, ControllerType } from '@/lib/controllers/types';
import type { Ingress } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import type { Status } from '@/lib/topology/model';
import type { Rule } from '@/lib/topology/rules';
import { albAction } from './alb-action';
import { serviceMissing } from './checks/service-missing';
import { portMissing } from './checks/service-port';
import type { Draft } from './draft';
import { followExternalName } from './external-name';
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
  /** The backend names no Service at all: an action of the load balancer. */
  readonly action?: true;
}

/** Who serves the rule, and what that controller answers; answers are null when nobody does. */
export interface Lead {
  readonly type: ControllerType | undefined;
  readonly answers: Answers | null;
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

/** Judges the backend of one rule. */
export function judgeBackend(
  read: Reader,
  ingress: Ingress,
  rule: Rule,
  { type, answers }: Lead,
): BackendJudgement {
  if (!rule.backend) return { ...FINE, status: 'unknown', reason: 'the rule has no readable backend' };
  if (rule.backend.type === 'resource') {
    return {
      ...FINE,
      status: 'unknown',
      reason: `resource backends (${rule.backend.kind} ${rule.backend.name}) are not followed`,
    };
  }
  const action = albAction(ingress, rule, type);
  if (action) return { ...FINE, ...action, action: true };
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
    return ofExternalName(read, ingress, rule, key, health.externalName, answers !== null);
  return judgePort(read, ingress, rule, health, answers);
}

function ofExternalName(
  read: Reader,
  ingress: Ingress,
  rule: Rule,
  key: string,
  externalName: string,
  isServed: boolean,
): BackendJudgement {
  const { port } = rule;
  const followed = followExternalName(read, ingress, key, externalName, port);
  // A Service that is there, behind a rule that nobody serves, does not alarm, whoever stands behind it.
  const ghost = followed.drafts.some(({ code }) => code === 'service-missing');
  if (!isServed && !ghost) return { ...FINE, status: 'unknown', reason: followed.reason, port };
  return { ...FINE, ...followed, port };
}

function judgePort(
  read: Reader,
  ingress: Ingress,
  rule: Rule,
  health: ServiceHealth,
  answers: Answers | null,
): BackendJudgement {
  const port = portOf(health, rule.port);
  if (port) return ofPort(port, health, answers, []);
  if (rule.port === null) return { ...FINE, status: 'unknown', reason: 'the backend names no port' };
  const byTarget = health.ports.find((candidate) => String(candidate.targetPort) === String(rule.port));
  const drafts = portMissing(read, ingress, rule, health, byTarget ?? null, answers);
  if (byTarget && answers?.portByTargetPort !== false) return ofPort(byTarget, health, answers, drafts);
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

/** Number and name are different fields; of twins on one number (HTTP/3) the TCP port carries http. */
export function portOf(health: ServiceHealth, wanted: number | string | null): PortHealth | undefined {
  const found = health.ports.filter((candidate) =>
    typeof wanted === 'number' ? candidate.port === wanted : candidate.name === wanted && wanted !== '',
  );
  return found.find((candidate) => candidate.protocol !== 'UDP') ?? found[0];
}

function ofPort(
  port: PortHealth,
  health: ServiceHealth,
  answers: Answers | null,
  drafts: readonly Draft[],
): BackendJudgement {
  // Behind a rule that nobody serves, endpoints are nobody's business: no alarm is raised there (TRUTH "Empty endpoints").
  if (answers === null)
    return { ...FINE, status: unserved(port, drafts), drafts, findings: ids(drafts), port: port.port };
  // Only pods that shut down are left: some controllers go on using them, others answer as if there were none.
  const status = port.draining && answers?.endpointsUse === 'ready' ? 'broken' : port.status;
  const dead = status === 'broken';
  const tolerated = port.status === 'ok' && drafts.length > 0;
  return {
    status: tolerated ? 'warning' : status,
    answer: dead && !health.publishesUnready ? (answers?.noEndpoints ?? null) : null,
    drafts,
    findings: [...ids(drafts), ...port.findings],
    port: port.port,
    label: '',
    reason: port.status === 'unknown' ? port.reason || health.reason : '',
  };
}

/** Nobody is known to serve the rule: what ails its Service or its port is no certain harm, and no health either. */
function unserved(port: PortHealth, drafts: readonly Draft[]): Status {
  return port.status === 'ok' && drafts.length === 0 ? 'ok' : 'unknown';
}

function ids(drafts: readonly Draft[]): readonly string[] {
  return drafts.map((entry) => entry.id);
}
