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
