/**
 * Risks of TLS that many Ingresses share, one finding for each namespace: `tls-absent`, `tls-redirect-off`,
 * `tls-backend-unverified`, `tls-secretname-empty`, `tls-no-automation`.
 */
import type { Found, NamespaceUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { sh } from '@/lib/diagnosis/shell';
import { type Posture, tlsPosture } from '@/lib/diagnosis/tls/posture';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Evidence, Severity } from '@/lib/topology/model';
import { members, object } from '@/lib/topology/reads';

const NAMED = 5;
const RELATED = 50;

interface Member {
  readonly key: string;
  readonly posture: Posture;
}

interface Told {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  readonly summary: string;
  readonly evidence: readonly Evidence[];
}

/** `a, b, c and 4 more`. */
function listed(all: readonly string[]): string {
  const more = all.length - NAMED;
  return `${all.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function count(n: number, what: string, many = `${what}s`): string {
  return `${n} ${n === 1 ? what : many}`;
}

function about(read: Reader, namespace: string, keys: readonly string[], told: Told): Draft {
  const { summary, ...rest } = told;
  const uid = object(read, 'namespaces', `/${namespace}`)?.uid;
  return draft({
    ...rest,
    impact: 'risk',
    hop: 'tls',
    subject: refOf('namespaces', '', namespace, uid),
    related: keys.slice(0, RELATED).map((key) => refOf('ingresses', namespace, splitKey(key).name)),
    fix: { summary, look: [sh`kubectl -n ${namespace} get ingress`] },
  });
}

function named(keys: readonly string[]): string {
  return listed(keys.map((key) => splitKey(key).name));
}

function evidenceOf(key: string, told: string): Evidence {
  const { namespace, name } = splitKey(key);
  const colon = told.indexOf(': ');
  return evidence(refOf('ingresses', namespace, name), told.slice(0, colon), told.slice(colon + 2));
}

function absent(read: Reader, namespace: string, all: readonly Member[]): Draft | null {
  const plain = all.flatMap(({ key, posture }) => (posture.plain ? [{ key, ...posture.plain }] : []));
  if (plain.length === 0) return null;
  const hosts = [...new Set(plain.flatMap((entry) => entry.hosts.map((host) => host || '*')))].sort();
  const isPrivate = plain.every((entry) => entry.isPrivate);
  return about(
    read,
    namespace,
    plain.map(({ key }) => key),
    {
      code: 'tls-absent',
      severity: isPrivate ? 'info' : 'warning',
      title: `${count(hosts.length, 'host')} of namespace ${namespace} served without TLS`,
      detail: `${count(plain.length, 'Ingress', 'Ingresses')} without spec.tls, and nothing is seen to end TLS on the way${isPrivate ? ' (private names or addresses only)' : ''}: ${listed(hosts)}`,
      summary:
        'Add a TLS entry with a Secret, best made by cert-manager; if TLS ends before the cluster, nothing is to be done.',
      evidence: plain.slice(0, NAMED).map(({ key }) => evidenceOf(key, 'spec.tls: not set')),
    },
  );
}

function withoutRedirect(read: Reader, namespace: string, all: readonly Member[]): Draft | null {
  const hit = all.filter(({ posture }) => posture.redirectOff !== null);
  if (hit.length === 0) return null;
  const keys = hit.map(({ key }) => key);
  return about(read, namespace, keys, {
    code: 'tls-redirect-off',
    severity: 'warning',
    title: `Hosts of namespace ${namespace} with TLS answer over plain http too`,
    detail: `${count(hit.length, 'Ingress does', 'Ingresses do')} not redirect to https: ${named(keys)}`,
    summary: 'Switch the redirect on, by removing what switches it off.',
    evidence: hit.slice(0, NAMED).map(({ key, posture }) => evidenceOf(key, posture.redirectOff ?? '')),
  });
}

function unverified(read: Reader, namespace: string, all: readonly Member[]): Draft | null {
  const hit = all.filter(({ posture }) => posture.unverified !== null);
  if (hit.length === 0) return null;
  const keys = hit.map(({ key }) => key);
  return about(read, namespace, keys, {
    code: 'tls-backend-unverified',
    severity: 'info',
    title: `Backends of namespace ${namespace} are not verified`,
    detail: `${count(hit.length, 'Ingress speaks', 'Ingresses speak')} TLS to the backend without looking at its certificate: ${named(keys)}`,
    summary: 'Give the controller the authority of the backend’s certificate, and switch verification on.',
    evidence: hit.slice(0, NAMED).map(({ key, posture }) => evidenceOf(key, posture.unverified ?? '')),
  });
}

function byDefault(read: Reader, namespace: string, all: readonly Member[]): Draft | null {
  const hit = all.filter(({ posture }) => posture.byDefault.length > 0);
  if (hit.length === 0) return null;
  const keys = hit.map(({ key }) => key);
  return about(read, namespace, keys, {
    code: 'tls-secretname-empty',
    severity: 'info',
    title: `Ingresses of namespace ${namespace} count on the default certificate`,
    detail: `TLS entries of ${count(hit.length, 'Ingress', 'Ingresses')} name no Secret, so the controller serves its default certificate: ${named(keys)}`,
    summary: 'Nothing if it is meant; else set secretName.',
    evidence: hit
      .slice(0, NAMED)
      .map(({ key, posture }) =>
        evidenceOf(key, `spec.tls[${posture.byDefault[0] ?? 0}].secretName: not set`),
      ),
  });
}

function byHand(read: Reader, namespace: string, all: readonly Member[]): Draft | null {
  const secrets = [...new Set(all.flatMap(({ posture }) => posture.manual))].sort();
  if (secrets.length === 0) return null;
  const keys = all.filter(({ posture }) => posture.manual.length > 0).map(({ key }) => key);
  return about(read, namespace, keys, {
    code: 'tls-no-automation',
    severity: 'info',
    title: `Certificates of namespace ${namespace} are renewed by hand`,
    detail: `nothing is seen to renew ${count(secrets.length, 'TLS Secret')}: ${listed(secrets)}`,
    summary: 'Let cert-manager issue them: add an issuer’s annotation to the Ingress.',
    evidence: secrets
      .slice(0, NAMED)
      .map((name) =>
        evidence(
          refOf('secrets', namespace, name),
          'metadata.annotations[cert-manager.io/certificate-name]',
          'not set',
        ),
      ),
  });
}

const TOLD = [absent, withoutRedirect, unverified, byDefault, byHand];

/** What all Ingresses of a namespace have to be told. */
export function tlsOfNamespace(read: Reader, { namespace }: NamespaceUnit): readonly Found[] {
  const all = members(read, 'ingresses-of-namespace', namespace).map((key) => ({
    key,
    posture: read.query(tlsPosture, key),
  }));
  return TOLD.flatMap((tell) => tell(read, namespace, all) ?? []).map((found) => ({ draft: found }));
}
