import { describe, expect, it } from 'vitest';
import type { WireHistory } from '@/lib/wire/history';
import { gapsOf, lanesOf, marksOf, stepsOf, wordsOf } from './lanes';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();
const ms = (minute: number) => Date.parse(at(minute));
const RANGE = { from: ms(0), to: ms(60) };

type Span = WireHistory['spans'][number];
type Event = WireHistory['events'][number];

const finding = (part: Partial<Span['finding']> = {}): Span['finding'] => ({
  id: 'a',
  code: 'service-port-missing',
  severity: 'broken',
  impact: 'traffic',
  state: 'open',
  hop: 'service',
  title: 'a.example.com → 503',
  cause: null,
  since: null,
  namespace: 'shop',
  hosts: [],
  rules: [],
  ...part,
});

const span = (opened: number, closed: number | null, part: Partial<Span['finding']> = {}): Span => ({
  opened: at(opened),
  closed: closed === null ? null : at(closed),
  finding: finding(part),
});

const event = (minute: number, part: Partial<Event> = {}): Event => ({
  id: minute,
  at: at(minute),
  type: 'change',
  finding: null,
  detail: '',
  change: {
    kind: 'deploy',
    object: 'Deployment shop/watch',
    title: 'image 1.2 → 1.3',
    fields: [],
    who: { manager: 'kubectl', at: at(minute), object: 'Deployment shop/watch' },
    nodes: [],
  },
  ...part,
});

describe('lanes of findings', () => {
  it('are one for each severity, worst first', () => {
    const lanes = lanesOf([span(5, 6, { id: 'w', severity: 'warning' }), span(10, 20)], RANGE, 600, ms(60));
    expect(lanes.map(({ status }) => status)).toEqual(['broken', 'warning']);
  });

  it('join what overlaps and count problems by their root', () => {
    const [lane] = lanesOf(
      [
        span(10, 20, { id: 'root', title: 'no pods' }),
        span(11, 25, { id: 'symptom', cause: 'root', title: 'www → 503' }),
        span(40, null, { id: 'other', title: 'api → 503' }),
      ],
      RANGE,
      600,
      ms(60),
    );
    expect(lane?.stretches).toEqual([
      { from: ms(10), to: ms(25), open: false, count: 1, titles: ['www → 503'] },
      { from: ms(40), to: ms(60), open: true, count: 1, titles: ['api → 503'] },
    ]);
  });

  it('keep apart what has room between, also after a long one', () => {
    const [lane] = lanesOf(
      [span(0, 30, { id: 'long' }), span(1, 2, { id: 'short' }), span(50, 51, { id: 'later' })],
      RANGE,
      600,
      ms(60),
    );
    expect(lane?.stretches.map(({ from, to }) => [from, to])).toEqual([
      [ms(0), ms(30)],
      [ms(50), ms(51)],
    ]);
  });

  it('have neither risks nor hints nor what lies outside', () => {
    const spans = [
      span(5, 6, { impact: 'risk' }),
      span(5, 6, { severity: 'info' }),
      span(-20, -10),
      span(70, 80),
    ];
    expect(lanesOf(spans, RANGE, 600, ms(90))).toEqual([]);
  });

  it('survive causes that run in a circle', () => {
    const spans = [span(1, 2, { id: 'a', cause: 'b' }), span(1, 2, { id: 'b', cause: 'a' })];
    expect(lanesOf(spans, RANGE, 600, ms(60))[0]?.stretches).toHaveLength(1);
  });
});

describe('marks of changes', () => {
  it('share a sign where they are near, and keep every title', () => {
    const [mark, ...more] = marksOf(
      [event(10), event(10, { change: { ...event(10).change, kind: 'replicas', title: '3 → 1' } as never })],
      RANGE,
      600,
    );
    expect(more).toEqual([]);
    expect(mark).toMatchObject({ sign: 'deploy', count: 2 });
    expect(mark?.titles).toEqual([
      'Deployment shop/watch: image 1.2 → 1.3 by kubectl',
      'Deployment shop/watch: 3 → 1 by kubectl',
    ]);
  });

  it('tell what befell the record itself', () => {
    const told = event(5, { type: 'recorder-started', change: undefined, detail: '' });
    expect(marksOf([told], RANGE, 600)).toMatchObject([{ sign: 'note', titles: ['recorder started'] }]);
  });

  it('are not made of findings', () => {
    const opened = event(5, { type: 'finding-opened', change: undefined, finding: finding() });
    expect(marksOf([opened], RANGE, 600)).toEqual([]);
    expect(wordsOf(opened)).toBe('broke: a.example.com → 503');
  });
});

it('steps lead to changes and to faults that open and close, once each', () => {
  const opened = event(5, { type: 'finding-opened', change: undefined, finding: finding() });
  const risk = event(6, { type: 'finding-opened', change: undefined, finding: finding({ impact: 'risk' }) });
  expect(stepsOf([event(9), opened, opened, risk])).toEqual([ms(5), ms(9)]);
});

it('gaps are cut to the range', () => {
  const gaps = [
    { from: at(-10), to: at(5), reason: 'off' },
    { from: at(70), to: at(80), reason: 'off' },
  ];
  expect(gapsOf(gaps, RANGE)).toEqual([{ from: ms(0), to: ms(5), reason: 'off' }]);
});
