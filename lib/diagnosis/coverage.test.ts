import { describe, expect, it } from 'vitest';
import type { KindName } from '@/lib/kube/objects';
import { RESOURCES } from '@/lib/kube/resources';
import { all, BLINDNESS, blind, falseClaims, open, TRUE_ANYWAY } from './testing/blindness';
import { buildFixture } from './testing/fixture';

/** What a healthy rule cannot be called healthy without; pods are vouched for by slices and counts. */
const NEEDED: readonly KindName[] = ['services', 'endpointslices', 'ingressclasses', 'deployments'];

describe('a healthy store that is not seen whole', () => {
  const healthy = all.find(({ name }) => name === 'healthy-store') as (typeof all)[number];
  for (const { id } of RESOURCES.filter((row) => row.id !== 'ingresses')) {
    it.each(BLINDNESS)(`${id} %s: ${NEEDED.includes(id) ? 'unknown' : 'still ok'}, and no alarm`, (state) => {
      const graph = blind(healthy, id, state);
      expect([...graph.findings.values()].filter((finding) => finding.state === 'open')).toEqual([]);
      const status = NEEDED.includes(id) ? 'unknown' : 'ok';
      const shown = [...graph.nodes.values()].filter(({ kind }) => kind === 'rule' || kind === 'host');
      expect(shown.map((node) => node.status)).toEqual([status, status]);
    });
  }
});

/** A watch that broke after its first list leaves what it saw; what is not among it may have come since. */
describe('what was seen before the watch failed', () => {
  for (const { id } of RESOURCES) {
    it(`${id}: nothing is said to be missing on old knowledge`, () => {
      const known = all.filter(({ name, looked }) => looked.has(id) && !TRUE_ANYWAY.has(`${id} ${name}`));
      const claims = known.flatMap(({ name, objects, expect: wanted, full }) => {
        const stale = buildFixture(objects, {
          ...wanted,
          coverage: { ...wanted.coverage, [id]: 'failing' },
        }).graph;
        const before = open(full);
        return [...open(stale).values()]
          .filter((finding) => !before.has(finding.code))
          .map((finding) => `${name}: ${finding.id}: ${finding.detail}`);
      });
      expect(claims).toEqual([]);
    });
  }

  it('a Service that is not in an old list is not called missing', () => {
    const typo = all.find(({ name }) => name === 'service-missing/typo-in-name') as (typeof all)[number];
    const { graph } = buildFixture(typo.objects, { ...typo.expect, coverage: { services: 'failing' } });
    expect([...open(graph).keys()]).toEqual([]);
  });
});

describe('what has not been listed yet', () => {
  it.each(RESOURCES.map(({ id }) => id))('%s cold: nothing is claimed that it takes them to know', (id) => {
    expect(falseClaims(id, 'cold')).toEqual([]);
  });
});
