/** Canary Ingresses of ingress-nginx: what they lose is a share of the traffic, not a site (TRUTH "Empty endpoints"). */
import type { Ingress } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import type { Status } from '@/lib/topology/model';
import { object } from '@/lib/topology/reads';
import type { Draft } from './draft';
import { leadController } from './lead-controller';

const PREFIX = 'nginx.ingress.kubernetes.io/canary';

/** `canary (about 5 %)` for a canary Ingress of ingress-nginx; null for any other. Key `NS/NAME`. */
export function canaryOf(read: Reader, key: string): string | null {
  const ingress = object(read, 'ingresses', key);
  if (ingress?.annotations[PREFIX] !== 'true') return null;
  const lead = leadController(read, key);
  return lead === undefined || lead.type === 'ingress-nginx' ? canaryWords(ingress) : null;
}

function canaryWords({ annotations }: Ingress): string {
  const header = annotations[`${PREFIX}-by-header`];
  if (header) return `canary (by header ${header})`;
  const cookie = annotations[`${PREFIX}-by-cookie`];
  if (cookie) return `canary (by cookie ${cookie})`;
  const total = Math.max(1, Number(annotations[`${PREFIX}-weight-total`] ?? 100) || 100);
  const share = Math.round((100 * (Number(annotations[`${PREFIX}-weight`] ?? 0) || 0)) / total);
  return `canary (about ${Math.min(100, Math.max(0, share))} %)`;
}

const LOST: Readonly<Record<string, string>> = {
  'service-missing': 'has no Service',
  'service-port-missing': 'has no such port',
  'service-no-endpoints': 'has no pods',
  'service-no-ready-endpoints': 'has no ready pod',
};

/** A finding that harms canaries alone. */
export function ofCanary(found: Draft, host: string, words: string): Draft {
  if (found.state === 'unknown' || found.severity !== 'broken') return found;
  const lost = LOST[found.code];
  return {
    ...found,
    severity: 'degraded',
    affects: found.affects.map((entry) => ({ ...entry, answer: null })),
    ...(lost
      ? {
          title: `${host} → ${words} ${lost}`,
          detail: `${found.detail}; ingress-nginx sends its share to the main Service`,
        }
      : {}),
  };
}

/** The status of a canary's link: its share is lost, the host is not. */
export function canaryStatus(status: Status): Status {
  return status === 'broken' ? 'degraded' : status;
}
