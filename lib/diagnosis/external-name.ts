/** ExternalName Services: a name inside the cluster is followed to the real Service (TRUTH "What must not stay green"). */
import type { Ingress } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Status } from '@/lib/topology/model';
import { type Draft, draft, evidence } from './draft';
import { managedBy } from './managed-by';
import { serviceRefOfKey } from './port-context';
import { serviceHealth } from './service-health';
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
  readonly draft: Draft | null;
}

/**
 * What stands behind an ExternalName. Never `ok`: whether the controller follows such names at all depends on its flags, and
 * what lies outside is not seen.
 */
export function followExternalName(
  read: Reader,
  ingress: Ingress | null,
  key: string,
  externalName: string,
): Followed {
  const target = insideTarget(externalName);
  if (!target)
    return {
      status: 'unknown',
      reason: `${externalName} lies outside: its health is not known`,
      draft: null,
    };
  const health = read.query(serviceHealth, objectKey(target.namespace, target.name));
  const where = `Service ${target.name} in ${target.namespace}`;
  if (health.state === 'unknown') return { status: 'unknown', reason: health.reason, draft: null };
  if (health.state === 'missing')
    return {
      status: 'broken',
      reason: `${where} does not exist`,
      draft: targetMissing(read, ingress, key, externalName),
    };
  return {
    status: 'unknown',
    reason: `it leads to ${where}; whether the controller follows ExternalName is not known`,
    draft: null,
  };
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
