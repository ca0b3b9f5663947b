/** Judges one TLS entry of an Ingress by the certificate that would be served (TRUTH "TLS"). */
import type { Answers } from '@/lib/controllers/types';
import { certificateDraft } from '@/lib/diagnosis/checks/tls-certificate';
import { secretMissing, secretsUnreadable } from '@/lib/diagnosis/checks/tls-secret';
import { type Draft, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import type { Ingress, Secret } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { certificateCovers } from '@/lib/topology/host-names';
import type { Severity, Status } from '@/lib/topology/model';
import { worse } from '@/lib/topology/status';
import { type Fault, HARM_STATUS, secretFaults } from './certificate-faults';
import { decidedBy } from './decider';
import { type Fallback, fallbackCovers, fallbackOf, fallbackWords } from './fallback';
import { type Issuing, issuingOf } from './issuing';
import { secretState } from './secret-state';

/** A TLS entry with what is needed to judge it. */
export interface TlsEntry {
  readonly ingress: Ingress;
  /** Its place in `spec.tls`. */
  readonly at: number;
  readonly secretName: string;
  /** Hosts as the entry names them; empty: it is for all. */
  readonly named: readonly string[];
  /** Whether rules have hosts of its own. */
  readonly serves: boolean;
  /** Hosts that it is to serve: those of rules, else those that it names itself. */
  readonly hosts: readonly string[];
  readonly controller: Controller | undefined;
  readonly answers: Answers | null;
}

export interface EntryJudgement {
  readonly state: 'present' | 'missing' | 'issuing' | 'unknown';
  /** Of the Secret itself and of the way to it. */
  readonly status: Status;
  /** What it makes of the rules: https clients alone are harmed, so at worst degraded unless TLS is refused. */
  readonly ruleStatus: Status;
  /** What the way to the Secret is labelled with when it is drawn. */
  readonly label: string;
  /** Findings at the Secret, of which the rules are told. */
  readonly drafts: readonly Draft[];
  /** What explains them. */
  readonly causes: readonly Draft[];
  readonly secret: Secret | null;
}

/** What takes the place of a certificate that is not used, and how bad that is. */
export interface Instead {
  readonly severity: (catalogue: Severity) => Severity;
  readonly status: Status;
  readonly ruleStatus: Status;
  readonly refused: boolean;
  readonly covers: boolean | 'unknown';
  readonly words: string;
}

function instead(read: Reader, { controller, answers, hosts }: TlsEntry): Instead {
  const fallback: Fallback = fallbackOf(read, controller, answers);
  const covers = fallbackCovers(read, fallback, hosts);
  const words = fallbackWords(fallback, covers);
  const refused = fallback.kind === 'refused';
  if (covers !== false)
    return { severity: () => 'warning', status: 'warning', ruleStatus: 'warning', refused, covers, words };
  return {
    severity: (catalogue) => (refused ? 'broken' : catalogue),
    status: 'broken',
    ruleStatus: refused ? 'broken' : 'degraded',
    refused,
    covers,
    words,
  };
}

/** Where an older Ingress decides, nobody is harmed by what this one brings. */
function byElder(read: Reader, { ingress, secretName, controller, hosts }: TlsEntry): Instead | null {
  const elder = decidedBy(read, ingress, secretName, controller, hosts);
  if (elder === null) return null;
  return {
    severity: (catalogue) => (catalogue === 'info' ? 'info' : 'warning'),
    status: 'warning',
    ruleStatus: 'ok',
    refused: false,
    covers: true,
    words: `Ingress ${elder} is older and decides which certificate the host gets`,
  };
}

const SILENT = { drafts: [], causes: [], secret: null, label: '' } as const;

/** The judgement of one entry with a Secret's name. */
export function judgeEntry(read: Reader, entry: TlsEntry): EntryJudgement {
  const found = secretState(read, objectKey(entry.ingress.namespace, entry.secretName));
  const issuing = issuingOf(read, entry.ingress, entry.secretName, found);
  if (found.state === 'cold' || found.state === 'unreadable') {
    const drafts = found.state === 'cold' ? [] : [secretsUnreadable(found.reason)];
    const causes = issuing.drafts;
    return { ...SILENT, state: 'unknown', status: 'unknown', ruleStatus: 'ok', drafts, causes };
  }
  const secret = found.state === 'present' ? found.secret : null;
  return secret ? present(read, entry, secret, issuing) : missing(read, entry, issuing);
}

const LATE = ['certmanager-not-ready', 'certmanager-renewal-overdue'];

const ISSUING: EntryJudgement = { ...SILENT, state: 'issuing', status: 'pending', ruleStatus: 'pending' };

function missing(read: Reader, entry: TlsEntry, issuing: Issuing): EntryJudgement {
  if (issuing.pending) return ISSUING;
  const served = byElder(read, entry) ?? instead(read, entry);
  const [found, ...causes] = secretMissing(read, entry, served, issuing);
  if (found && issuing.unseen !== null) return unseenIssuing(found, issuing.unseen, null);
  return {
    state: 'missing',
    status: served.status,
    ruleStatus: served.ruleStatus,
    label: 'not found',
    drafts: found ? [found] : [],
    causes: [...causes, ...issuing.drafts],
    secret: null,
  };
}

/** An entry without hosts is one of several to choose from: what another one's certificate is for (or may be) is not its business. */
function ownHosts(read: Reader, { ingress, secretName, named, serves, hosts }: TlsEntry): readonly string[] {
  if (!serves) return [];
  if (named.length > 0 || ingress.tls.length < 2) return hosts;
  const others = ingress.tls.flatMap((other) => {
    if (other.secretName === '' || other.secretName === secretName) return [];
    const found = secretState(read, objectKey(ingress.namespace, other.secretName));
    return found.state === 'missing' ? [] : [found.state === 'present' ? found.secret.certificate : null];
  });
  return hosts.filter((host) => !others.some((facts) => facts === null || certificateCovers(facts, host)));
}

/** cert-manager may be at it this minute: where its Certificates may not be seen, that is not known. */
function unseenIssuing(found: Draft, reason: string, secret: Secret | null): EntryJudgement {
  const detail = `${found.detail}; whether cert-manager is about to change that is not known: ${reason}`;
  const draft: Draft = { ...found, state: 'unknown', cause: null, detail, holdMs: OBJECT_HOLD_MS };
  return { ...SILENT, state: 'unknown', status: 'unknown', ruleStatus: 'unknown', drafts: [draft], secret };
}

function present(read: Reader, entry: TlsEntry, secret: Secret, issuing: Issuing): EntryJudgement {
  const { controller } = entry;
  const hosts = ownHosts(read, entry);
  const faults = secretFaults(read, { secret, hosts, type: controller?.type, managed: issuing.managed });
  // cert-manager writes the key first: half a Secret is one that it is about to fill.
  const half = faults.find(({ code }) => code === 'tls-secret-keys-missing');
  if (issuing.pending && half) return { ...ISSUING, secret };
  // An issuer that fails harms nobody while its certificates hold; one that is not renewed will.
  if (half && issuing.unseen !== null)
    return unseenIssuing(certificateDraft(entry, half, null, issuing), issuing.unseen, secret);
  const late = issuing.drafts.some(({ code }) => LATE.includes(code));
  const harmful = late ? 'warning' : 'ok';
  const start: EntryJudgement = {
    state: 'present',
    status: harmful,
    ruleStatus: harmful,
    label: harmful === 'ok' ? '' : 'not renewed',
    drafts: [],
    causes: issuing.drafts,
    secret,
  };
  return faults.reduce((judged, fault) => withFault(read, entry, issuing, judged, fault), start);
}

function withFault(
  read: Reader,
  entry: TlsEntry,
  issuing: Issuing,
  judged: EntryJudgement,
  fault: Fault,
): EntryJudgement {
  const served = byElder(read, entry) ?? (fault.served ? null : instead(read, entry));
  const own = HARM_STATUS[fault.harm];
  // A hint paints nothing.
  const paints = fault.severity !== 'info';
  const found = certificateDraft(entry, fault, served, issuing);
  return {
    ...judged,
    status: paints ? worse(judged.status, served?.status ?? own.secret) : judged.status,
    ruleStatus: paints ? worse(judged.ruleStatus, served?.ruleStatus ?? own.rule) : judged.ruleStatus,
    label: judged.drafts.length === 0 && paints ? fault.word : judged.label,
    drafts: [...judged.drafts, found],
  };
}
