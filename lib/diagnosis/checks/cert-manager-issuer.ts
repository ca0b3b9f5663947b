/** `certmanager-issuer-missing`, `certmanager-issuer-not-ready`: who is asked for certificates, and cannot give any. */
import { type Draft, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { nearest } from '@/lib/diagnosis/edit-distance';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { IssuerRef } from '@/lib/kube/cert-manager-objects';
import type { Meta } from '@/lib/kube/objects';
import { objectKey, type Ref, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { coverageOf, known, members, object } from '@/lib/topology/reads';

/** Where an issuer is named. */
export interface IssuerUse {
  readonly issuer: IssuerRef;
  readonly namespace: string;
  readonly by: Ref;
  /** Whose manifest is to be changed. */
  readonly owner: Meta;
  readonly path: string;
  /** Nobody has a certificate yet: without one it is broken, with one only its renewal is. */
  readonly severity: 'broken' | 'degraded';
}

export const CERT_MANAGER = 'cert-manager.io';

/** Why the issuer cannot issue; null when it can, is of another group (an external one), or may not be seen. */
export function issuerProblem(read: Reader, use: IssuerUse): Draft | null {
  const { kind, group, name } = use.issuer;
  if (group !== CERT_MANAGER || name === '' || (kind !== 'Issuer' && kind !== 'ClusterIssuer')) return null;
  const resource = kind === 'ClusterIssuer' ? 'clusterissuers' : 'issuers';
  const namespace = kind === 'ClusterIssuer' ? '' : use.namespace;
  const found = object(read, resource, objectKey(namespace, name));
  if (!found) return known(read, resource).known ? missing(read, use, resource, namespace) : null;
  const ready = found.conditions.find((condition) => condition.type === 'Ready');
  if (!ready || ready.status === 'True') return null;
  const subject = refOf(resource, namespace, name, found.uid);
  return draft({
    code: 'certmanager-issuer-not-ready',
    severity: use.severity,
    hop: 'tls',
    subject,
    related: [use.by],
    title: `${kind} ${name} is not ready`,
    detail: `${kind} ${name} issues no certificates: ${ready.message || ready.reason || 'its condition Ready is not True'}`,
    evidence: [
      evidence(use.by, use.path, name),
      evidence(subject, 'status.conditions[Ready]', `${ready.status} ${ready.reason}`.trim(), ready.since),
    ],
    fix: {
      summary: 'Mend what its condition names: mostly the account at the authority, or its credentials.',
      look: [showIssuer(resource, namespace, name)],
      managedBy: managedBy(found),
    },
    holdMs: OBJECT_HOLD_MS,
    startedAt: ready.since,
  });
}

type Resource = 'issuers' | 'clusterissuers';

/** kubectl takes a namespace for cluster-scoped objects too, and does not look at it. */
function showIssuer(resource: Resource, namespace: string, name: string): string {
  return namespace === ''
    ? sh`kubectl -n default describe ${`${resource}.${CERT_MANAGER}/${name}`}`
    : sh`kubectl -n ${namespace} describe ${`${resource}.${CERT_MANAGER}/${name}`}`;
}

function missing(read: Reader, use: IssuerUse, resource: Resource, namespace: string): Draft {
  const { kind, name } = use.issuer;
  const subject = refOf(resource, namespace, name);
  const absent = coverageOf(read, resource)?.state === 'absent';
  const hint = absent ? '' : hintOf(read, use);
  return draft({
    code: 'certmanager-issuer-missing',
    severity: use.severity,
    hop: 'tls',
    subject,
    related: [use.by],
    title: absent ? 'cert-manager is not installed' : `${kind} ${name} not found`,
    detail: absent
      ? `${kind} ${name} is asked for certificates, but the cluster knows no such resource: cert-manager is not installed`
      : `no ${kind} is named ${name}${namespace === '' ? '' : ` in ${namespace}`}, so nobody issues the certificate${hint}`,
    evidence: [evidence(use.by, use.path, name), evidence(subject, 'metadata.name', 'not found')],
    fix: {
      summary: absent
        ? 'Install cert-manager and create the issuer, or drop the annotation and bring the certificate yourself.'
        : `Create the ${kind} ${name}, or name one that exists; an Issuer belongs to one namespace, a ClusterIssuer to all.`,
      look: absent ? [] : [sh`kubectl -n ${use.namespace} get issuers,clusterissuers`],
      change: absent ? [] : changes(read, use),
      managedBy: managedBy(use.owner),
    },
  });
}

function names(read: Reader, namespace: string): Record<'Issuer' | 'ClusterIssuer', readonly string[]> {
  return {
    Issuer: members(read, 'issuers-of-namespace', namespace).map((key) => splitKey(key).name),
    ClusterIssuer: members(read, 'clusterissuers-all', '').map((key) => splitKey(key).name),
  };
}

/** What was probably meant: the same name of the other kind, else the nearest of the same kind. */
function meant(read: Reader, { issuer, namespace }: IssuerUse): IssuerRef | null {
  const all = names(read, namespace);
  const other = issuer.kind === 'Issuer' ? 'ClusterIssuer' : 'Issuer';
  if (all[other].includes(issuer.name)) return { ...issuer, kind: other };
  const near = nearest(issuer.name, all[issuer.kind as 'Issuer']);
  return near ? { ...issuer, name: near } : null;
}

function hintOf(read: Reader, use: IssuerUse): string {
  const near = meant(read, use);
  return near ? `; there is ${near.kind} ${near.name}` : '';
}

function changes(read: Reader, use: IssuerUse): readonly string[] {
  const near = meant(read, use);
  if (!near || use.by.kind !== 'Ingress') return [];
  const key = (kind: string) =>
    kind === 'Issuer' ? 'cert-manager.io/issuer' : 'cert-manager.io/cluster-issuer';
  const added = `${key(near.kind)}=${near.name}`;
  const command = sh`kubectl -n ${use.namespace} annotate --overwrite ingress ${use.by.name} ${added}`;
  return [near.kind === use.issuer.kind ? command : `${command} ${key(use.issuer.kind)}-`];
}
