/** Actions of the AWS Load Balancer Controller (SEMANTICS 2.7, v3.5; CHECKS trap 10). */
import { ALB } from '@/lib/diagnosis/alb-group';
import { portOf } from '@/lib/diagnosis/backend-judgement';
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft } from '@/lib/diagnosis/draft';
import { nearest } from '@/lib/diagnosis/edit-distance';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceHealth } from '@/lib/diagnosis/service-health';
import { sh } from '@/lib/diagnosis/shell';
import { affected, symptomTitle } from '@/lib/diagnosis/symptoms';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Rule } from '@/lib/topology/rules';
import { annotationEvidence, ingressRef, listed, lookAt } from './ingress-parts';

const ACTIONS = `${ALB}actions.`;

/** Rules by the action that they name. */
function actionsOf({ rules }: IngressUnit): ReadonlyMap<string, readonly Rule[]> {
  const named = rules.filter((rule) => rule.port === 'use-annotation' && rule.backend?.type === 'service');
  return Map.groupBy(named, (rule) => (rule.backend?.type === 'service' ? rule.backend.name : ''));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `rule-alb-action-missing`: the load balancer answers 503 for an action that nobody defined. */
export function albActionMissing(_read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, controller } = unit;
  if (controller?.type !== 'aws-alb') return [];
  return [...actionsOf(unit)].flatMap(([name, rules]) => {
    const key = `${ACTIONS}${name}`;
    const text = ingress.annotations[key];
    if (text !== undefined && parsed(text) !== undefined) return [];
    const defined = Object.keys(ingress.annotations)
      .filter((annotation) => annotation.startsWith(ACTIONS))
      .map((annotation) => annotation.slice(ACTIONS.length));
    const near = text === undefined ? nearest(name, defined) : null;
    const why = text === undefined ? 'no annotation of this Ingress defines it' : 'its JSON cannot be read';
    const found = draft({
      code: 'rule-alb-action-missing',
      severity: 'broken',
      hop: 'rule',
      subject: ingressRef(ingress),
      discriminator: name,
      affects: affected(rules, text === undefined ? 503 : null),
      title: symptomTitle(
        rules,
        text === undefined ? 503 : 'not carried out',
        `ALB action ${name} is not defined`,
      ),
      detail: `the backend names the action ${name}, and ${why}${near ? `; near: ${near}` : ''}`,
      evidence: [annotationEvidence(ingress, key)],
      fix: {
        summary: near
          ? `Name the action ${near}, or define ${name}.`
          : `Define the annotation actions.${name} with valid JSON, or name a port of a Service.`,
        look: [lookAt(ingress)],
        managedBy: managedBy(ingress),
      },
    });
    return [{ draft: found, rules: rules.map((rule) => rule.id), status: 'broken' as const }];
  });
}

interface ActionTarget {
  readonly service: string;
  readonly port: number | string | null;
  readonly weight: number;
}

/** A field whatever its case: old annotations write `ForwardConfig`. */
function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1];
}

function portValue(value: unknown): number | string | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return null;
  return /^\d+$/.test(value) ? Number(value) : value;
}

/** Services that a forward action names; targets by ARN or name of a target group are no Services. */
function targetsOf(action: unknown): readonly ActionTarget[] {
  const groups = field(field(action, 'forwardconfig'), 'targetgroups');
  if (!Array.isArray(groups)) return [];
  return groups.flatMap((group: unknown) => {
    const service = field(group, 'servicename');
    const weight = field(group, 'weight');
    if (typeof service !== 'string' || service === '') return [];
    return [
      {
        service,
        port: portValue(field(group, 'serviceport')),
        weight: typeof weight === 'number' ? weight : 1,
      },
    ];
  });
}

function targetFault(read: Reader, namespace: string, { service, port }: ActionTarget): string | null {
  const health = read.query(serviceHealth, objectKey(namespace, service));
  if (health.state === 'missing') return `Service ${service} does not exist in ${namespace}`;
  if (health.state === 'unknown' || port === null || health.externalName) return null;
  return portOf(health, port) ? null : `Service ${service} has no port ${port}`;
}

/** `rule-alb-action-target-missing`: a forward action leads to a Service or port that is not there. */
export function albActionTarget(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, controller } = unit;
  if (controller?.type !== 'aws-alb') return [];
  return [...actionsOf(unit)].flatMap(([name, rules]) => {
    const key = `${ACTIONS}${name}`;
    const targets = targetsOf(parsed(ingress.annotations[key] ?? '')).filter(({ weight }) => weight > 0);
    const faults = targets.flatMap((target) => targetFault(read, ingress.namespace, target) ?? []);
    if (faults.length === 0) return [];
    const all = faults.length === targets.length;
    const found = draft({
      code: 'rule-alb-action-target-missing',
      severity: all ? 'broken' : 'degraded',
      hop: 'rule',
      subject: ingressRef(ingress),
      discriminator: name,
      related: targets.map((target) => refOf('services', ingress.namespace, target.service)),
      title: symptomTitle(rules, all ? 'no target' : 'fails for a share', `ALB action ${name} leads nowhere`),
      detail: `action ${name}: ${listed(faults)}`,
      evidence: [annotationEvidence(ingress, key)],
      fix: {
        summary: 'Correct serviceName and servicePort in the action, or create the Service.',
        look: [sh`kubectl -n ${ingress.namespace} get services`, lookAt(ingress)],
        managedBy: managedBy(ingress),
      },
    });
    const status = all ? ('broken' as const) : ('degraded' as const);
    return [{ draft: found, rules: rules.map((rule) => rule.id), status }];
  });
}
