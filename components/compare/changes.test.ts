import { describe, expect, it } from 'vitest';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';
import type { WireDiff } from '@/lib/wire/diff';
import type { TopologyState } from '@/lib/wire/reduce';
import { changesOf, withOther } from './changes';
import { endsOf } from './ends';

const node = (id: string, kind: TopologyNode['kind']) => ({ id, kind }) as TopologyNode;
const edge = (source: string, target: string) =>
  ({ id: `backs:${source}>${target}`, source, target }) as TopologyEdge;

const HERE = {
  nodes: new Map([['rule:a', node('rule:a', 'rule')]]),
  edges: new Map<string, TopologyEdge>(),
} as unknown as TopologyState;

const changed = (part: object) => ({ was: null, fields: [], who: null, ...part });

const DIFF = {
  nodes: [
    changed({ change: 'removed', id: 'service:s', node: node('service:s', 'service') }),
    changed({ change: 'removed', id: 'pod:p', node: node('pod:p', 'pod') }),
    changed({ change: 'added', id: 'rule:new', node: node('rule:new', 'rule') }),
    changed({ change: 'changed', id: 'rule:a', was: 'rule:old', node: node('rule:a', 'rule') }),
  ],
  edges: [
    changed({ change: 'removed', id: 'x', edge: edge('rule:a', 'service:s') }),
    changed({ change: 'removed', id: 'y', edge: edge('service:s', 'pod:p') }),
  ],
} as unknown as WireDiff;

describe('what changed, on the picture', () => {
  it('has a sign for each node, also under the id that it had before', () => {
    const words = [...changesOf(DIFF, 'to')].map(([id, { change }]) => [id, change]);
    expect(Object.fromEntries(words)).toEqual({
      'service:s': 'removed',
      'pod:p': 'removed',
      'rule:new': 'added',
      'rule:a': 'changed',
      'rule:old': 'changed',
    });
  });

  it('tells what is not there at the moment that is drawn', () => {
    const absent = (drawn: 'from' | 'to') =>
      [...changesOf(DIFF, drawn)].filter(([, known]) => known.absent).map(([id]) => id);
    expect(absent('to')).toEqual(['service:s', 'pod:p']);
    expect(absent('from')).toEqual(['rule:new']);
  });

  it('draws what is no longer there, with its lines; pods are counted in their group', () => {
    const drawn = withOther(HERE, DIFF, 'to');
    expect([...drawn.nodes.keys()]).toEqual(['rule:a', 'service:s']);
    expect([...drawn.edges.values()].map(({ target }) => target)).toEqual(['service:s']);
  });

  it('draws what was not there yet, where the earlier is looked at', () => {
    expect([...withOther(HERE, DIFF, 'from').nodes.keys()]).toEqual(['rule:a', 'rule:new']);
  });

  it('leaves a topology as it is that misses nothing', () => {
    const same = { ...DIFF, nodes: [] } as WireDiff;
    expect(withOther(HERE, same, 'to')).toBe(HERE);
  });
});

describe('ends of a comparison', () => {
  const EARLY = '2026-01-01T12:00:00.000Z';
  const LATE = '2026-01-01T13:00:00.000Z';

  it('run from the earlier to the later, whichever is drawn', () => {
    expect(endsOf(EARLY, LATE)).toEqual({ from: EARLY, to: LATE, drawn: 'to' });
    expect(endsOf(LATE, EARLY)).toEqual({ from: EARLY, to: LATE, drawn: 'from' });
    expect(endsOf('now', EARLY)).toEqual({ from: EARLY, to: 'now', drawn: 'from' });
    expect(endsOf(EARLY, null)).toEqual({ from: EARLY, to: 'now', drawn: 'to' });
  });

  it('a snapshot is what is compared with, as its time is not known here', () => {
    expect(endsOf('9s4zYvcCJQDFlPR5-Jed_Q', null).from).toBe('9s4zYvcCJQDFlPR5-Jed_Q');
  });
});
