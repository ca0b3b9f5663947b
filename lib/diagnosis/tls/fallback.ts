/** What a controller serves where a host has no usable certificate of its own (TRUTH "TLS"). */
import { type TlsSettings, tlsSettings } from '@/lib/controllers/tls-settings';
import type { Answers } from '@/lib/controllers/types';
import type { CertificateFacts, Workload } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { planeWorkload } from '@/lib/topology/exposure';
import { certificateCovers } from '@/lib/topology/host-names';
import { secretState } from './secret-state';

export type Fallback =
  /** Nothing: the handshake fails. */
  | { readonly kind: 'refused' }
  /** The product's own certificate, which nobody trusts. `broken` says why a configured one is not used. */
  | { readonly kind: 'fake'; readonly secret: string | null; readonly broken: string }
  | { readonly kind: 'certificate'; readonly secret: string; readonly facts: CertificateFacts }
  | { readonly kind: 'unknown'; readonly reason: string };

const UNKNOWN: Fallback = {
  kind: 'unknown',
  reason: 'which certificate its controller serves by default cannot be read',
};

/** TLS settings of a controller's command line; null where it has none that we can see. */
export function settingsOf(read: Reader, controller: Controller | undefined): TlsSettings | null {
  const workload = controller ? workloadOf(read, controller) : undefined;
  return workload && controller?.recognised ? tlsSettings(workload, controller.recognised) : null;
}

function workloadOf(read: Reader, { namespace, workload }: Controller): Workload | undefined {
  return workload ? planeWorkload(read, { ...workload, namespace }) : undefined;
}

/** What stands in for a missing certificate of a host that this controller serves. */
export function fallbackOf(
  read: Reader,
  controller: Controller | undefined,
  answers: Answers | null,
): Fallback {
  const refuses = answers?.tlsFallback === 'handshake-fails';
  const key = settingsOf(read, controller)?.defaultCertificate ?? null;
  const unseen = settingsOf(read, controller) === null || key === 'unknown';
  if (unseen || key === null) {
    if (refuses) return { kind: 'refused' };
    return unseen ? UNKNOWN : { kind: 'fake', secret: null, broken: '' };
  }
  const fallback = ofSecret(read, key);
  return refuses && fallback.kind === 'fake' ? { kind: 'refused' } : fallback;
}

/** What a configured default certificate is worth. */
function ofSecret(read: Reader, key: string): Fallback {
  const found = secretState(read, key);
  if (found.state === 'missing') return { kind: 'fake', secret: key, broken: `Secret ${key} does not exist` };
  if (found.state !== 'present')
    return { kind: 'unknown', reason: `its default certificate ${key} cannot be read: ${found.reason}` };
  const { certificate, certificateError } = found.secret;
  if (certificate?.keyMatches) return { kind: 'certificate', secret: key, facts: certificate };
  if (certificateError === '' && certificate === null)
    return { kind: 'unknown', reason: `its default certificate ${key} has not been read` };
  return {
    kind: 'fake',
    secret: key,
    broken: `Secret ${key} is no use: ${certificateError || 'its key belongs to another certificate'}`,
  };
}

/** Whether users of all these hosts are served well by the fallback. */
export function fallbackCovers(
  read: Reader,
  fallback: Fallback,
  hosts: readonly string[],
): boolean | 'unknown' {
  if (fallback.kind === 'unknown') return 'unknown';
  if (fallback.kind !== 'certificate') return false;
  const { facts } = fallback;
  if (!read.reached(facts.notBefore) || read.reached(facts.notAfter)) return false;
  return hosts.length > 0 && hosts.every((host) => certificateCovers(facts, host));
}

/** The fallback in words, as the end of a sentence. */
export function fallbackWords(fallback: Fallback, covers: boolean | 'unknown'): string {
  switch (fallback.kind) {
    case 'refused':
      return 'the controller refuses TLS for the host';
    case 'fake':
      return 'the controller serves its default certificate, which browsers reject';
    case 'unknown':
      return `the controller serves its default certificate; ${fallback.reason}, so whether browsers accept it is not known`;
    case 'certificate':
      return covers === true
        ? `the controller serves its default certificate ${fallback.secret} instead, which covers the host`
        : `the controller serves its default certificate ${fallback.secret}, which is not for this host`;
  }
}
