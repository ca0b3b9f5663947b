/** The auth Service that ingress-nginx asks before it lets a request through. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { nearest } from '@/lib/diagnosis/edit-distance';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { type ServiceHealth, serviceHealth } from '@/lib/diagnosis/service-health';
import { sh } from '@/lib/diagnosis/shell';
import { affected, symptomTitle } from '@/lib/diagnosis/symptoms';
import { objectKey, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { members, object } from '@/lib/topology/reads';
import { annotate, annotationEvidence, ingressRef, isCanary, lookAt, NGINX } from './ingress-parts';

const AUTH_URL = `${NGINX}auth-url`;
const INSIDE = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?$/;

interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** The Service of the cluster that an auth-url names; null for anything else, `invalid` where it is no URL at all. */
function targetOf(url: string): Target | 'invalid' | null {
  // Variables of nginx are filled at each request.
  if (url.includes('$')) return null;
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return 'invalid';
  const found = INSIDE.exec(parsed.hostname.toLowerCase().replace(/\.$/, ''));
  if (!found?.[1] || !found[2]) return null;
  return {
    namespace: found[2],
    name: found[1],
    port: Number(parsed.port) || (parsed.protocol === 'https:' ? 443 : 80),
  };
}

interface AuthFault {
  readonly state: 'open' | 'unknown';
  readonly why: string;
  readonly change: readonly string[];
  /** What explains it, symptom first. */
  readonly causes?: readonly Draft[];
}

function faultOf(read: Reader, { ingress }: IngressUnit, url: string, target: Target): AuthFault | null {
  const key = objectKey(target.namespace, target.name);
  const health = read.query(serviceHealth, key);
  if (health.state === 'unknown') return { state: 'unknown', why: health.reason, change: [] };
  if (health.externalName) return null;
  if (health.state === 'exists') return ofPort(read, health, key, target.port);
  const names = members(read, 'services-of-namespace', target.namespace).map((k) => splitKey(k).name);
  const near = nearest(target.name, names);
  const change = near ? [annotate(ingress, AUTH_URL, url.replace(target.name, near))] : [];
  return { state: 'open', why: `it does not exist${near ? `; near: ${near}` : ''}`, change };
}

function ofPort(read: Reader, health: ServiceHealth, key: string, wanted: number): AuthFault | null {
  // A name without cluster IP leads to the pods themselves, whatever ports the Service lists.
  if (object(read, 'services', key)?.clusterIP === 'None') return null;
  const port = health.ports.find((candidate) => candidate.port === wanted && candidate.protocol !== 'UDP');
  if (!port) return { state: 'open', why: `it has no port ${wanted}`, change: [] };
  if (port.status === 'broken') {
    const causes = health.drafts.filter((found) => port.findings.includes(found.id));
    return { state: 'open', why: `it has no ready pod behind port ${wanted}`, change: [], causes };
  }
  const why = port.reason || health.reason || 'its endpoints are not known';
  return port.status === 'unknown' ? { state: 'unknown', why, change: [] } : null;
}

/**
 * `rule-auth-url-broken`: every request is refused while the auth Service is down; told once for the Service. The answer is
 * 500 where nobody answers, and 503 where the address cannot be read (the location is closed).
 */
export function authUrl(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, controller } = unit;
  const url = ingress.annotations[AUTH_URL];
  if (controller?.type !== 'ingress-nginx' || isCanary(ingress) || !url) return [];
  const target = targetOf(url);
  if (target === null) return [];
  if (target === 'invalid') return [noAddress(unit, url)];
  const fault = faultOf(read, unit, url, target);
  if (!fault) return [];
  // Nobody else may route to the auth Service: then these are told here alone.
  const causes = (fault.causes ?? []).map((cause) => ({
    draft: { ...cause, affects: affected(unit.rules, null) },
  }));
  return [authFound(unit, target, fault), ...causes];
}

function authFound({ ingress, rules }: IngressUnit, target: Target, fault: AuthFault): Found {
  const { state, why, change, causes = [] } = fault;
  const subject = refOf('services', target.namespace, target.name);
  const open = state === 'open';
  const found = draft({
    code: 'rule-auth-url-broken',
    severity: open ? 'broken' : 'warning',
    state,
    hop: 'rule',
    subject,
    discriminator: String(target.port),
    cause: causes[0]?.id ?? null,
    related: [ingressRef(ingress)],
    holdMs: OBJECT_HOLD_MS,
    affects: affected(rules, open ? 500 : null),
    title: open
      ? symptomTitle(rules, 500, `Auth Service ${target.name} cannot be asked`)
      : `Whether auth Service ${target.name} answers is not known`,
    detail: `auth-url asks Service ${target.name} in ${target.namespace} at each request${open ? `, and every request is refused: ${why}` : `: ${why}`}`,
    evidence: [annotationEvidence(ingress, AUTH_URL)],
    fix: {
      summary:
        'Mend the auth Service first, or correct auth-url. Taking it away opens the site to everybody.',
      look: [sh`kubectl -n ${target.namespace} get service,endpointslices`, lookAt(ingress)],
      change,
      managedBy: managedBy(ingress),
    },
  });
  return { draft: found, status: open ? 'broken' : 'unknown' };
}

function noAddress({ ingress, rules }: IngressUnit, url: string): Found {
  const found = draft({
    code: 'rule-auth-url-broken',
    severity: 'broken',
    hop: 'rule',
    subject: ingressRef(ingress),
    affects: affected(rules, 503),
    title: symptomTitle(rules, 503, `Ingress ${ingress.name} names no address for auth`),
    detail: `auth-url ${url} is no address, so ingress-nginx closes the rules of this Ingress`,
    evidence: [annotationEvidence(ingress, AUTH_URL)],
    fix: {
      summary: 'Write the address with http:// or https://.',
      look: [lookAt(ingress)],
      managedBy: managedBy(ingress),
    },
  });
  return { draft: found, status: 'broken' };
}
