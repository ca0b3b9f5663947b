/** `certmanager-challenge-stuck`: the first step on the way from a Certificate to an authority that fails. */
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { eventsOf } from '@/lib/diagnosis/events';
import { sh } from '@/lib/diagnosis/shell';
import type { Certificate, Challenge, Order } from '@/lib/kube/cert-manager-objects';
import type { Meta } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { IndexName } from '@/lib/topology/indexes';
import { known, members, object } from '@/lib/topology/reads';

const PENDING_MS = 15 * 60_000;
const FAILED = new Set(['invalid', 'errored', 'expired']);
const DONE = new Set(['valid', 'ready']);
const STEPS = ['certificaterequests', 'orders', 'challenges'] as const;
type Step = (typeof STEPS)[number];
const OWNED_BY: Readonly<Record<Step, IndexName>> = {
  certificaterequests: 'requests-of-certificate',
  orders: 'orders-of-request',
  challenges: 'challenges-of-order',
};

/** What one of cert-manager's objects owns, newest first. */
function owned<K extends Step>(read: Reader, kind: K, { namespace, name }: Meta) {
  const all = members(read, OWNED_BY[kind], objectKey(namespace, name)).flatMap(
    (key) => object(read, kind, key) ?? [],
  );
  return all.sort((a, b) => (b.created ?? 0) - (a.created ?? 0) || (a.name < b.name ? -1 : 1));
}

/** The request that is being worked on: the newest. */
export function currentRequest(read: Reader, certificate: Certificate) {
  return owned(read, 'certificaterequests', certificate)[0];
}

/** The challenge or order that fails, or has been pending for too long; null when none is seen to. */
export function challengeProblem(
  read: Reader,
  certificate: Certificate,
  severity: 'broken' | 'degraded',
): Draft | null {
  const request = currentRequest(read, certificate);
  const order = request && owned(read, 'orders', request)[0];
  if (!order || order.state === 'valid') return null;
  const challenges = owned(read, 'challenges', order);
  const failed = challenges.find(({ state }) => FAILED.has(state));
  const stuck = failed ?? challenges.find((challenge) => isStuck(read, challenge));
  if (stuck) return ofChallenge(read, stuck, severity);
  return FAILED.has(order.state) ? ofOrder(order, severity) : null;
}

/** An old knowledge of a pending challenge says nothing of now. */
function isStuck(read: Reader, { state, created }: Challenge): boolean {
  if (DONE.has(state) || created === null || !known(read, 'challenges').known) return false;
  return read.reached(created + PENDING_MS);
}

function ofChallenge(read: Reader, challenge: Challenge, severity: 'broken' | 'degraded'): Draft {
  const { namespace, name, dnsName, type, state, reason } = challenge;
  const subject = refOf('challenges', namespace, name, challenge.uid);
  const events = [...eventsOf(read, 'Challenge', namespace, name)].sort(
    (a, b) => (b.last ?? 0) - (a.last ?? 0),
  );
  const http = type.toUpperCase() === 'HTTP-01';
  return draft({
    code: 'certmanager-challenge-stuck',
    severity,
    hop: 'tls',
    subject,
    title: `${type || 'ACME'} challenge for ${dnsName || name} ${FAILED.has(state) ? 'failed' : 'does not get on'}`,
    detail: reason || `it has been ${state || 'pending'} for more than a quarter of an hour`,
    evidence: [
      evidence(subject, 'status.state', state || 'pending', challenge.created),
      ...(reason ? [evidence(subject, 'status.reason', reason)] : []),
      ...events
        .slice(0, 2)
        .map((event) => evidence(subject, `event ${event.reason}`, event.message, event.last)),
    ],
    fix: {
      summary: http
        ? `Let the authority reach http://${dnsName}/.well-known/acme-challenge/: DNS leads here, port 80 is open, no login or allow-list before it, and the solver names a class that is served.`
        : 'See that the record _acme-challenge can be written (credentials, zone) and that the name servers answer with it.',
      look: [
        sh`kubectl -n ${namespace} describe challenge ${name}`,
        sh`kubectl -n ${namespace} get ingress,order`,
      ],
    },
  });
}

function ofOrder(order: Order, severity: 'broken' | 'degraded'): Draft {
  const { namespace, name, state, reason } = order;
  const subject = refOf('orders', namespace, name, order.uid);
  return draft({
    code: 'certmanager-challenge-stuck',
    severity,
    hop: 'tls',
    subject,
    title: `ACME order ${name} is ${state}`,
    detail: reason || `the authority holds the order to be ${state}`,
    evidence: [evidence(subject, 'status.state', state, order.created)],
    fix: {
      summary:
        'See what the authority says: a rate limit, a CAA record, or a name that it does not issue for. cert-manager tries again with growing pauses.',
      look: [sh`kubectl -n ${namespace} describe order ${name}`],
    },
  });
}
