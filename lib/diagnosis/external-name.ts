/** ExternalName Services: a name inside the cluster is followed to the real Service (TRUTH "What must not stay green"). */
import type { Ingress } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Status } from '@/lib/topology/model';
import { type Draft, draft, evidence } from './draft';
import { managedBy } from './managed-by';
import { serviceRefOfKey } from './port-context';
import { type PortHealth, type ServiceHealth, serviceHealth } from './service-health';
import { sh } from './shell';

const CLUSTER_NAME = /^([^.]+)\.([^.]+)\.svc(\.|$)/;

/** Namespace and name of the Service that an external name means; null when it lies outside. */
export function insideTarget(
  externalName: string,
): { readonly namespace: string; readonly name: string } | null {
  const found = CLUSTER_NAME.exec(externalName);
  return found ? { name: found[1] as string, namespace: found[2] as string } : null;
}

export interface Followed {
  readonly status: Status;
  readonly reason: string;
  /** New findings, without `affects`. */
  readonly drafts: readonly Draft[];
  /** Ids of the findings that explain the status, symptom first. */
  readonly findings: readonly string[];
}

const NOTHING = { drafts: [], findings: [] };

/**
 * What stands behind an ExternalName when `port` of it is asked for (null: any). Never `ok`: whether the controller follows such
 * names at all depends on its flags, and what lies outside is not seen. But where nobody stands behind them, following is no help.
 */
export function followExternalName(
  read: Reader,
  ingress: Ingress | null,
  key: string,
  externalName: string,
  port: number | string | null,
): Followed {
  const target = insideTarget(externalName);
  if (!target)
    return {
      status: 'unknown',
      reason: `${externalName} lies outside: its health is not known`,
      ...NOTHING,
    };
  const health = read.query(serviceHealth, objectKey(target.namespace, target.name));
  const where = `Service ${target.name} in ${target.namespace}`;
  if (health.state === 'unknown') return { status: 'unknown', reason: health.reason, ...NOTHING };
  if (health.state === 'missing') {
    const missing = targetMissing(read, ingress, key, externalName);
    return {
      status: 'broken',
      reason: `${where} does not exist`,
      drafts: [missing],
      findings: [missing.id],
    };
  }
  const dead = deadPort(health, port);
  if (dead)
    return {
      status: 'broken',
      reason: `it leads to ${where}, behind which nobody is ready`,
      drafts: health.drafts.filter(({ id }) => dead.findings.includes(id)),
      findings: dead.findings,
    };
  return {
    status: 'unknown',
    reason: `it leads to ${where}; whether the controller follows ExternalName is not known`,
    ...NOTHING,
  };
}

/** The port that is asked for, by number, where nobody is ready behind it; any port where none of the Service's has anybody. */
function deadPort(health: ServiceHealth, wanted: number | string | null): PortHealth | undefined {
  const ports = health.ports.filter(({ protocol }) => protocol !== 'UDP');
  const asked = ports.filter(({ port }) => port === wanted);
  const meant = asked.length > 0 ? asked : ports;
  return meant.every(({ status }) => status === 'broken') ? meant[0] : undefined;
}

function targetMissing(read: Reader, ingress: Ingress | null, key: string, externalName: string): Draft {
  const target = insideTarget(externalName) as { namespace: string; name: string };
  const alias = serviceRefOfKey(read, key);
  const subject = refOf('services', target.namespace, target.name);
  return draft({
    code: 'service-missing',
    severity: 'broken',
    hop: 'service',
    subject,
    related: [alias, ...(ingress ? [refOf('ingresses', ingress.namespace, ingress.name, ingress.uid)] : [])],
    title: `Service ${target.name} not found in ${target.namespace}`,
    detail: `Service ${target.name} does not exist in namespace ${target.namespace}; Service ${alias.name} in ${alias.namespace} is an ExternalName for it`,
    evidence: [
      evidence(alias, 'spec.externalName', externalName),
      evidence(subject, 'metadata.name', 'not found'),
    ],
    fix: {
      summary: `Create Service ${target.name} in ${target.namespace}, or correct the external name.`,
      look: [
        sh`kubectl -n ${target.namespace} get services`,
        sh`kubectl -n ${alias.namespace} get service ${alias.name} -o yaml`,
      ],
      managedBy: ingress ? managedBy(ingress) : null,
    },
  });
}
