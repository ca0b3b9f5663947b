/** `tls-secret-missing`, `tls-secret-in-other-namespace`, `tls-secret-unreadable`. */
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { nearest } from '@/lib/diagnosis/edit-distance';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Issuing } from '@/lib/diagnosis/tls/issuing';
import type { Instead, TlsEntry } from '@/lib/diagnosis/tls/judge-entry';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { members, object } from '@/lib/topology/reads';

/** The missing Secret; where one of its name lies in another namespace, that is its cause, and comes second. */
export function secretMissing(
  read: Reader,
  entry: TlsEntry,
  served: Instead,
  issuing: Issuing,
): readonly Draft[] {
  const { ingress, secretName: name, at, hosts } = entry;
  const { namespace } = ingress;
  const subject = refOf('secrets', namespace, name);
  const ingressRef = refOf('ingresses', namespace, ingress.name, ingress.uid);
  const root = issuing.drafts[0];
  const elsewhere = root || issuing.managed ? null : inOtherNamespace(read, entry);
  const near = issuing.managed ? null : nearest(name, secretsOf(read, namespace));
  const missing = draft({
    code: 'tls-secret-missing',
    severity: served.severity('degraded'),
    hop: 'tls',
    subject,
    related: [ingressRef],
    cause: root?.id ?? elsewhere?.id ?? null,
    title: titleOf(entry, served),
    detail: `Secret ${name} does not exist in ${namespace}: ${served.words}${near ? `; near: ${near}` : ''}`,
    evidence: [
      evidence(ingressRef, `spec.tls[${at}].secretName`, name),
      evidence(subject, 'metadata.name', 'not found'),
    ],
    fix: {
      summary: issuing.managed
        ? 'cert-manager has not made it: follow Certificate, CertificateRequest, Order and Challenge to the first that fails.'
        : near
          ? `Name the Secret ${near} in the Ingress, or create ${name}.`
          : `Create the Secret ${name} with a certificate for ${hosts.join(', ') || 'the host'}, or correct the name.`,
      look: [
        ...(issuing.managed
          ? [sh`kubectl -n ${namespace} get certificate,certificaterequest,order,challenge`]
          : []),
        sh`kubectl -n ${namespace} get secrets --field-selector type=kubernetes.io/tls`,
      ],
      change: issuing.managed ? [] : [change(entry, near)],
      managedBy: managedBy(ingress),
    },
  });
  return elsewhere ? [missing, elsewhere] : [missing];
}

function titleOf({ secretName, hosts }: TlsEntry, { covers, refused }: Instead): string {
  if (covers !== false) return `Secret ${secretName} does not exist`;
  return `https://${hosts[0] || '*'} → ${refused ? 'handshake fails' : 'bad certificate'}`;
}

function change({ ingress, at, secretName }: TlsEntry, near: string | null): string {
  const { namespace, name } = ingress;
  if (!near) return sh`kubectl -n ${namespace} create secret tls ${secretName} --cert=tls.crt --key=tls.key`;
  const patch = JSON.stringify([{ op: 'replace', path: `/spec/tls/${at}/secretName`, value: near }]);
  return sh`kubectl -n ${namespace} patch ingress ${name} --type=json -p ${patch}`;
}

/** TLS Secrets that other Ingresses of the namespace name, and that are there; no others are read. */
function secretsOf(read: Reader, namespace: string): readonly string[] {
  return members(read, 'secrets-of-namespace', namespace).map((key) => splitKey(key).name);
}

/** Marks of tools that copy Secrets between namespaces: one of theirs is about to come, or should. */
const COPIED = /^(reflector\.v1\.k8s\.emberstack\.com|replicator\.v1\.mittwald\.de|kubed\.appscode\.com)\//;

function inOtherNamespace(read: Reader, { ingress, secretName: name }: TlsEntry): Draft | null {
  const found = members(read, 'secrets-by-name', name).flatMap((key) => object(read, 'secrets', key) ?? []);
  const copied = found.some(({ annotations }) => Object.keys(annotations).some((key) => COPIED.test(key)));
  const first = found[0];
  if (!first || copied) return null;
  const subject = refOf('secrets', ingress.namespace, name);
  return draft({
    code: 'tls-secret-in-other-namespace',
    severity: 'degraded',
    hop: 'tls',
    subject,
    related: found.slice(0, 50).map((other) => refOf('secrets', other.namespace, name, other.uid)),
    title: `Secret ${name} is in ${first.namespace}, not in ${ingress.namespace}`,
    detail: `an Ingress takes Secrets of its own namespace only; ${name} exists in ${found
      .slice(0, 10)
      .map((other) => other.namespace)
      .join(', ')}`,
    evidence: found
      .slice(0, 5)
      .map((other) =>
        evidence(refOf('secrets', other.namespace, name, other.uid), 'metadata.namespace', other.namespace),
      ),
    fix: {
      summary: `Have a Secret ${name} made in ${ingress.namespace} too (a Certificate of its own, or a tool that copies Secrets), or move the Ingress.`,
      look: [sh`kubectl -n ${first.namespace} get secret ${name}`],
      managedBy: managedBy(ingress),
    },
  });
}

/** One finding for all Secrets: what is missing is a right, not a Secret. */
export function secretsUnreadable(reason: string): Draft {
  return draft({
    code: 'tls-secret-unreadable',
    severity: 'info',
    state: 'unknown',
    hop: 'tls',
    subject: refOf('secrets', '', '*'),
    title: 'TLS certificates cannot be checked',
    detail: `Secrets cannot be read, so whether certificates exist and are valid is not known: ${reason}`,
    fix: {
      summary:
        'Grant get on the TLS Secrets that the Ingresses name, if you want them checked. Values never leave the reader.',
      look: ['kubectl auth can-i get secrets --all-namespaces'],
    },
  });
}
