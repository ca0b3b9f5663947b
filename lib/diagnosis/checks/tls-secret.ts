import type { Answers } from '@/lib/controllers/types';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Ingress } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Status } from '@/lib/topology/model';
import { coverageOf, object, secretFact } from '@/lib/topology/reads';

export interface SecretJudgement {
  readonly state: 'present' | 'missing' | 'issuing' | 'unknown';
  readonly status: Status;
  readonly draft: Draft | null;
  readonly reason: string;
}

/** cert-manager may take this long to make a Secret after the Ingress came (CHECKS `tls-secret-missing`). */
const ISSUING_MS = 10 * 60_000;
const ISSUER_ANNOTATIONS = [
  'cert-manager.io/issuer',
  'cert-manager.io/cluster-issuer',
  'kubernetes.io/tls-acme',
];

/** Whether the Secret of a TLS entry is there; `unknown` wherever we may not look (TRUTH "Unknown is an answer"). */
export function judgeSecret(
  read: Reader,
  ingress: Ingress,
  name: string,
  hosts: readonly string[],
  answers: Answers | null,
): SecretJudgement {
  const key = objectKey(ingress.namespace, name);
  const state = secretState(read, key);
  if (state.state === 'present') return { state: 'present', status: 'ok', draft: null, reason: '' };
  if (state.state === 'unreadable')
    return { state: 'unknown', status: 'unknown', draft: unreadable(state.reason), reason: state.reason };
  if (state.state === 'cold')
    return { state: 'unknown', status: 'unknown', draft: null, reason: state.reason };
  const issued = ISSUER_ANNOTATIONS.some((annotation) => ingress.annotations[annotation] !== undefined);
  if (issued && ingress.created !== null && !read.reached(ingress.created + ISSUING_MS)) {
    return { state: 'issuing', status: 'pending', draft: null, reason: 'cert-manager is about to issue it' };
  }
  const found = missing(ingress, name, hosts, answers, issued);
  return {
    state: 'missing',
    status: found.severity === 'broken' ? 'broken' : 'degraded',
    draft: found,
    reason: '',
  };
}

export type Existence = { state: 'present' | 'missing' } | { state: 'unreadable' | 'cold'; reason: string };

/** Whether a Secret (key `NS/NAME`) is there, by whatever way Secrets may be read. */
export function secretState(read: Reader, key: string): Existence {
  if (object(read, 'secrets', key)) return { state: 'present' };
  const coverage = coverageOf(read, 'secrets');
  if (!coverage) return { state: 'cold', reason: 'Secrets have not been read yet' };
  if (coverage.state === 'watched') return { state: 'missing' };
  const fact = secretFact(read, key);
  if (fact?.state === 'missing') return { state: 'missing' };
  if (fact?.state === 'unreadable') return { state: 'unreadable', reason: fact.reason };
  if (coverage.state === 'on-demand')
    return { state: 'cold', reason: 'this Secret has not been asked for yet' };
  return { state: 'unreadable', reason: coverage.reason || `Secrets: ${coverage.state}` };
}

function missing(
  ingress: Ingress,
  name: string,
  hosts: readonly string[],
  answers: Answers | null,
  issued: boolean,
): Draft {
  const subject = refOf('secrets', ingress.namespace, name);
  const ingressRef = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
  const at = ingress.tls.findIndex((entry) => entry.secretName === name);
  const refused = answers?.tlsFallback === 'handshake-fails';
  return draft({
    code: 'tls-secret-missing',
    severity: refused ? 'broken' : 'degraded',
    hop: 'tls',
    subject,
    related: [ingressRef],
    title: `https://${hosts[0] ?? '*'} → ${refused ? 'handshake fails' : 'bad certificate'}`,
    detail: `Secret ${name} does not exist in ${ingress.namespace}: ${refused ? 'the controller refuses TLS for the host' : 'the controller serves its default certificate, which browsers reject'}`,
    evidence: [
      evidence(ingressRef, `spec.tls[${at}].secretName`, name),
      evidence(subject, 'metadata.name', 'not found'),
    ],
    fix: {
      summary: issued
        ? 'cert-manager has not made it: follow Certificate, CertificateRequest, Order and Challenge to the first that fails.'
        : `Create the Secret ${name} with a certificate for ${hosts.join(', ') || 'the host'}, or correct the name.`,
      look: [
        ...(issued
          ? [sh`kubectl -n ${ingress.namespace} get certificate,certificaterequest,order,challenge`]
          : []),
        sh`kubectl -n ${ingress.namespace} get secrets --field-selector type=kubernetes.io/tls`,
      ],
      change: issued
        ? []
        : [sh`kubectl -n ${ingress.namespace} create secret tls ${name} --cert=tls.crt --key=tls.key`],
      managedBy: managedBy(ingress),
    },
  });
}

/** One finding for all Secrets: what is missing is a right, not a Secret. */
function unreadable(reason: string): Draft {
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
