import { RESOURCES } from '@/lib/kube/resources';
import type { Change, ResourceState } from '@/lib/state/change';
import type { Random } from './random';
import { randomServer } from './random-policies';

/** A random answer of two points of view. */
export function randomDns(random: Random): Change {
  const name = random.pick(['one.example.com', 'two.example.com', 'lb.example.net']);
  if (random.chance(0.1)) return { type: 'dns', name, fact: null };
  const answers = ['a', 'b'].map((server) => {
    const outcome = random.pick(['ok', 'ok', 'ok', 'nxdomain', 'servfail'] as const);
    const a =
      outcome === 'ok'
        ? random.pick([['203.0.113.1'], ['203.0.113.2'], ['198.51.100.7'], ['203.0.113.1', '198.51.100.7']])
        : [];
    return { server, outcome, a, aaaa: [], cnames: [], ttl: 60, at: 0 };
  });
  return { type: 'dns', name, fact: { name, answers } };
}

/** A resource that may or may not be seen, or what the API server tells of itself. */
export function randomCoverage(random: Random): Change {
  if (random.chance(0.2)) return randomServer(random);
  const row = random.pick(RESOURCES);
  const state: ResourceState = random.chance(0.7)
    ? 'watched'
    : random.pick(['forbidden', 'failing', 'on-demand']);
  return { type: 'coverage', coverage: { resource: row.id, state, reason: '' } };
}

/** Command lines of the random controllers. */
export const CONTROLLER_ARGUMENTS: readonly (readonly string[])[] = [
  [],
  ['--watch-ingress-without-class=true'],
  ['--watch-namespace=a'],
  ['--configmap=a/settings', '--publish-service=a/ingress', '--default-backend-service=a/web'],
  ['--default-ssl-certificate=a/tls', '--configmap=a/settings'],
];

const PATTERNS = [
  'ingress-nginx/service-endpoints',
  'ingress-nginx/endpoints',
  'ingress-nginx/certificate',
  'ingress-nginx/fake-certificate',
  'ingress-nginx/class',
  'ingress-nginx/invalid',
  'ingress-nginx/reload-backend',
  'ingress-nginx/refused',
];
const OBJECTS = [
  'a/web',
  'a/api',
  'b/web',
  'b/old',
  'a/tls',
  'a/i1',
  'b/i2',
  'one.example.com',
  '10.0.0.1:80',
  '',
];

/** What a controller's log says, what the server tells of itself, or a ConfigMap that is or is not there. */
export function randomFact(random: Random, now: number): Change {
  const gone = random.chance(0.2);
  if (random.chance(0.2)) {
    const fact = { version: random.pick(['v1.30.0', 'v1.36.1', '']), groups: null };
    return { type: 'fact', source: 'server', key: '', fact: gone ? null : fact };
  }
  if (random.chance(0.2)) {
    const fact = { state: random.pick(['present', 'missing', 'unreadable'] as const), reason: '' };
    return { type: 'fact', source: 'configmap', key: 'a/settings', fact: gone ? null : fact };
  }
  const complaints = PATTERNS.filter(() => random.chance(0.4)).map((pattern) => {
    const at = now - random.below(900_000);
    const object = random.pick(OBJECTS);
    return { pattern, object, line: 'said', pod: 'p', count: 1 + random.below(9), first: at, last: at };
  });
  const key = `controller:workload/Deployment/${random.pick(['a', 'b'])}/ingress`;
  return {
    type: 'fact',
    source: 'log',
    key,
    fact: gone ? null : { state: 'read', reason: '', complaints },
  };
}
