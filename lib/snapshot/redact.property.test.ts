import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scenarios } from '@/lib/diagnosis/testing/scenarios';
import { pictureOf } from '@/lib/picture/picture';
import type { Topology } from '@/lib/topology/model';
import { drain } from '@/lib/topology/slices';
import { NO_FILTERS } from '@/lib/topology/view-filters';
import { redacted } from './redact';
import { topologyOfFixture } from './testing/topologies';

/** Names that no word of ours contains. */
const letters = fc.string({ unit: fc.constantFrom('q', 'z', 'x', 'j', '7'), minLength: 4, maxLength: 9 });
const hostile = fc.constantFrom('', '/', '~', '%', ' ', '<b>', '\u202e', ':', '"', '.', '-', '>');
const name = fc.tuple(letters, hostile, letters).map(([head, middle, tail]) => `zqx${head}${middle}${tail}`);

const some = scenarios()
  .filter((_, index) => index % 23 === 0)
  .map(topologyOfFixture);

/** Every name that stands where names stand in a topology. */
function namesOf(topology: Topology): readonly string[] {
  const names = new Set<string>();
  for (const node of topology.nodes) {
    if (!/\s/.test(node.name) && node.kind !== 'rule' && node.kind !== 'group') names.add(node.name);
    names.add(node.namespace);
    for (const key of ['host', 'path', 'image', 'node', 'ip', 'ingress', 'secret']) {
      const value = node.detail[key];
      if (typeof value === 'string') names.add(value);
    }
  }
  for (const { subject, related } of topology.findings)
    for (const ref of [subject, ...related])
      if (ref.kind !== 'Cluster') names.add(ref.name).add(ref.namespace);
  return [...names].filter((one) => one.length >= 3);
}

/** The same topology in which names are others: also in the midst of ids and sentences. */
function renamed(topology: Topology, names: ReadonlyMap<string, string>): Topology {
  const ordered = [...names].sort(([a], [b]) => b.length - a.length);
  const swap = (text: string) => {
    let out = text;
    // Through placeholders: what was put in is not to be found again.
    ordered.forEach(([from], index) => {
      out = out.replaceAll(from, `\ue000${index}\ue001`);
    });
    return out.replace(/\ue000(\d+)\ue001/g, (_, index: string) => ordered[Number(index)]?.[1] ?? '');
  };
  const walk = (value: unknown, inMap: boolean): unknown => {
    if (typeof value === 'string') return swap(value);
    if (Array.isArray(value)) return value.map((item) => walk(item, false));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        inMap ? swap(key) : key,
        OURS.has(key) && !inMap ? item : walk(item, key === 'selector' || key === 'labels'),
      ]),
    );
  };
  return walk(topology, false) as Topology;
}

/** Values of ours and of the API. */
const OURS = new Set([
  'kind',
  'code',
  'status',
  'severity',
  'impact',
  'state',
  'hop',
  'resource',
  'group',
  'version',
  'basis',
  'type',
  'pathType',
  'phase',
  'connection',
  'takenAt',
  'since',
  'epoch',
]);

test('no name is left anywhere: in ids, titles, details, evidence, note, query, or the text of pictures', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...some),
      fc.array(name, { minLength: 80, maxLength: 80 }),
      (topology, fresh) => {
        const originals = namesOf(topology);
        const swapped = renamed(
          topology,
          new Map(originals.map((one, index) => [one, `${fresh[index % fresh.length] ?? 'zqx'}${index}`])),
        );
        const names = namesOf(swapped);
        const note = `look at ${names[0] ?? ''} and ${names.at(-1) ?? ''}`;
        const filters = {
          ...NO_FILTERS,
          focus: swapped.nodes[0]?.id ?? null,
          q: names[0] ?? '',
          namespace: names.slice(0, 2),
        };
        const out = drain(
          redacted(swapped, { filters, page: [['select', swapped.nodes[0]?.id ?? '']] }, note),
        );
        const svg = pictureOf({
          topology: out.topology,
          focus: null,
          theme: 'light',
          size: 'wide',
          note: out.note,
        });
        for (const text of [JSON.stringify(out), svg]) {
          const lower = text.toLowerCase();
          expect(names.filter((one) => text.includes(one))).toEqual([]);
          // Nor a part of one, whatever it was cut at.
          expect(/zqx[^"]{0,40}/.exec(lower)?.[0] ?? '').toBe('');
        }
      },
    ),
    { numRuns: 60, seed: 4 },
  );
});
