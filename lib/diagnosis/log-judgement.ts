/** Complaints of a controller's log held against the state of the cluster: what is well by now is not told (CHECKS 2). */
import { type LogFamily, type LogPattern, logPattern } from '@/lib/controllers/log-patterns';
import { objectKey, type Ref, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { LogComplaint } from '@/lib/state/facts';
import type { HostRule } from '@/lib/topology/hosts';
import { liveRules } from '@/lib/topology/hosts';
import { known, members, object, secretFact } from '@/lib/topology/reads';
import { ingressRules, type Rule } from '@/lib/topology/rules';
import { serving } from '@/lib/topology/serving';
import { portOf } from './backend-judgement';
import { notServedFindings } from './checks/class';
import { findingId } from './draft';
import { leadController } from './lead-controller';
import { serviceHealth } from './service-health';
import { heldElsewhere } from './tls/termination';

export interface JudgedComplaint {
  readonly family: LogFamily;
  readonly complaint: LogComplaint;
  /** What it is about, where the line names an object of the cluster. */
  readonly about: Ref | null;
  /** Id of the finding that explains it; null where there is none. */
  readonly cause: string | null;
  readonly rules: readonly Rule[];
  /** The cluster shows the same fault; false: only the log says so. */
  readonly confirmed: boolean;
}

type Judgement = Pick<JudgedComplaint, 'about' | 'cause' | 'rules' | 'confirmed'>;

/** What only the log says counts while it is this fresh (ms). */
const FRESH_MS = 5 * 60_000;
const UNCONFIRMED = { about: null, cause: null, rules: [], confirmed: false } as const;

/** A complaint as it stands now; null when the cluster does not show it any more, or it cannot be told. */
export function judgeComplaint(read: Reader, complaint: LogComplaint): JudgedComplaint | null {
  const pattern = logPattern(complaint.pattern);
  if (!pattern || pattern.family === 'reload-failed' || pattern.family === 'reload-done') return null;
  const judged = judge(read, pattern, complaint);
  return judged && { family: pattern.family, complaint, ...judged };
}

function judge(read: Reader, pattern: LogPattern, complaint: LogComplaint): Judgement | null {
  switch (pattern.object) {
    case 'service':
      return ofService(read, pattern.family, complaint.object);
    case 'secret':
      return ofSecret(read, complaint.object);
    case 'ingress':
      return ofIngress(read, pattern.family, complaint);
    case 'host':
      return ofHost(read, complaint.object);
    default:
      return read.reached(complaint.last + FRESH_MS) ? null : UNCONFIRMED;
  }
}

function ofService(read: Reader, family: LogFamily, key: string): Judgement | null {
  const { namespace, name } = splitKey(key);
  const health = read.query(serviceHealth, key);
  const live = read.query(liveRules, key);
  const about = refOf('services', namespace, name, object(read, 'services', key)?.uid);
  const base = { about, rules: live.map(({ rule }) => rule), confirmed: true };
  if (health.state === 'missing') {
    const isReferred = members(read, 'ingresses-of-service', key).length > 0;
    return { ...base, cause: isReferred ? findingId('service-missing', about) : null };
  }
  if (health.state === 'unknown' || family !== 'no-endpoints') return null;
  if (
    health.ports.length === 0 ||
    health.ports.some(({ ready, status }) => ready > 0 || status === 'unknown')
  )
    return null;
  return { ...base, cause: emptyCause(read, key, live) };
}

/** The finding of the port that some live rule leads to: others are not raised. */
function emptyCause(read: Reader, key: string, live: readonly HostRule[]): string | null {
  const health = read.query(serviceHealth, key);
  for (const { rule } of live) {
    const found = portOf(health, rule.port)?.findings[0];
    if (found !== undefined) return found;
  }
  return null;
}

/** Only a Secret that is known to be missing: what is wrong inside one is told by the checks of TLS. */
function ofSecret(read: Reader, key: string): Judgement | null {
  if (!isMissing(read, key)) return null;
  const { namespace, name } = splitKey(key);
  const about = refOf('secrets', namespace, name);
  const ingresses = members(read, 'ingresses-of-secret', key).filter(
    (ingress) => read.query(serving, ingress).controllers.length > 0,
  );
  const rules = ingresses.flatMap((ingress) => rulesWithSecret(read, ingress, name));
  return {
    about,
    rules,
    confirmed: true,
    cause: rules.length > 0 ? findingId('tls-secret-missing', about) : null,
  };
}

function isMissing(read: Reader, key: string): boolean {
  if (object(read, 'secrets', key)) return false;
  return known(read, 'secrets').known || secretFact(read, key)?.state === 'missing';
}

/** Rules of the hosts of that entry; none where cert-manager is about to make the Secret, or it does not end their TLS. */
function rulesWithSecret(read: Reader, ingress: string, secret: string): readonly Rule[] {
  const found = object(read, 'ingresses', ingress);
  if (!found || heldElsewhere(read, found, leadController(read, ingress)) !== null) return [];
  if (Object.keys(found.annotations).some((key) => /cert-manager\.io\/|tls-acme$/.test(key))) return [];
  const hosts = found.tls.filter(({ secretName }) => secretName === secret).flatMap((entry) => entry.hosts);
  return read.query(ingressRules, ingress).filter(({ host }) => hosts.includes(host));
}

function ofIngress(read: Reader, family: LogFamily, { object: key, last }: LogComplaint): Judgement | null {
  const ingress = object(read, 'ingresses', key);
  if (!ingress) return null;
  const about = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
  const rules = read.query(ingressRules, key);
  const served = read.query(serving, key);
  if (family === 'ingress-ignored') {
    // With several controllers each says that it ignores the others' Ingresses: it matters where nobody serves one.
    if (served.controllers.length > 0 || served.problem === null || served.problem === 'unknown') return null;
    const cause = notServedFindings(read, ingress, served)[0]?.id ?? null;
    return { about, rules, cause, confirmed: true };
  }
  // Changed since: whether it is still rejected only a newer line would say.
  if (ingress.edited !== null && ingress.edited.at > last) return null;
  return read.reached(last + FRESH_MS) ? null : { about, rules, cause: null, confirmed: false };
}

/** Strangers ask for any name: the fake certificate matters where an Ingress promises a real one. */
function ofHost(read: Reader, name: string): Judgement | null {
  const host = name.toLowerCase();
  for (const key of members(read, 'ingresses-by-host', host)) {
    const ingress = object(read, 'ingresses', key);
    const entry = ingress?.tls.find(({ hosts, secretName }) => secretName !== '' && hosts.includes(host));
    if (!ingress || !entry) continue;
    const judged = ofSecret(read, objectKey(ingress.namespace, entry.secretName));
    if (judged) return judged;
  }
  return null;
}
