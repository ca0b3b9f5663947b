import { describe, expect, test } from 'vitest';
import type { Topology } from '@/lib/topology/model';
import { drain } from '@/lib/topology/slices';
import { pictureOf } from './picture';
import { selectionOf } from './selection';
import type { PictureInput } from './sheet';
import { CARD_CAPACITY } from './sheet-card';
import { WIDE_CAPACITY } from './sheet-wide';
import { subjectOf } from './subject';
import { chain, joined, largeView, topologyOf } from './testing/views';

const SIZES = ['card', 'wide'] as const;
const THEMES = ['light', 'dark'] as const;
const names = { host: 'www.my-online-store.com', path: '/watch', service: 'watch-service', pod: 'watch-abc' };
const wear = { host: 'wear.my-online-store.com', path: '/', service: 'wear-service', pod: 'wear-abc' };
const store = topologyOf(joined([chain(names, 'broken'), chain(wear, 'ok')]));

function every(topology: Topology, more: Partial<PictureInput> = {}): string[] {
  return SIZES.flatMap((size) =>
    THEMES.flatMap((theme) =>
      (['all', 'shipped'] as const).map((letters) =>
        pictureOf({ topology, focus: null, size, theme, letters, ...more }),
      ),
    ),
  );
}

/** The words of a picture, one entry a line of text. */
function wordsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '');
}

const ELEMENTS = new Set(['svg', 'title', 'g', 'rect', 'path', 'circle', 'text']);
const ATTRIBUTES = new Set(
  'xmlns width height viewBox role font-family x y rx cx cy r d fill fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-dasharray paint-order font-size font-weight text-anchor transform'.split(
    ' ',
  ),
);

const TAG = /<(\/?)([a-zA-Z]+)((?: [a-zA-Z-]+="[^"<>&]*(?:&(?:amp|lt|gt|quot|#39);[^"<>&]*)*")*)(\/?)>/g;

/** Reads a picture as XML strictly enough for what it is made of; throws at anything else. */
function partsOf(svg: string): void {
  const open: string[] = [];
  let at = 0;
  for (const tag of svg.matchAll(TAG)) {
    const between = svg.slice(at, tag.index);
    if (/[<>]|&(?!(amp|lt|gt|quot|#39);)/.test(between)) throw new Error(`markup in text: ${between}`);
    at = tag.index + tag[0].length;
    const [, closing, name = '', attributes = '', empty] = tag;
    if (!ELEMENTS.has(name)) throw new Error(`element ${name}`);
    readAttributes(attributes);
    if (closing && open.pop() !== name) throw new Error(`</${name}> closes nothing`);
    if (!closing && !empty) open.push(name);
  }
  if (open.length > 0 || at !== svg.length) throw new Error(`not closed: ${open.join(' ')}`);
}

function readAttributes(attributes: string): void {
  for (const [, key = '', value = ''] of attributes.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)) {
    if (!ATTRIBUTES.has(key)) throw new Error(`attribute ${key}`);
    if (/url\(|:\/\/|javascript|data:/i.test(value) && key !== 'xmlns') throw new Error(`${key}=${value}`);
  }
}

describe('what a picture says', () => {
  test('the symptom, why, where, when and for what, in every size and theme', () => {
    for (const svg of every(store)) {
      const words = wordsOf(svg).join(' ');
      expect(words).toContain('www.my-online-store.com/watch → 503');
      expect(words).toContain('because watch-service crashes at its start: no column owner_id');
      expect(words).toContain('prod-eu-1');
      expect(words).toContain('production');
      expect(words).toContain('2026-01-01 12:00:00 UTC');
    }
  });

  test('the legend has a word for each status that occurs, and none for others', () => {
    for (const svg of every(store)) {
      const words = wordsOf(svg);
      expect(words).toEqual(expect.arrayContaining(['broken', 'no fault found', 'broken link']));
      expect(words).not.toContain('degraded');
    }
  });

  test("the author's title and note", () => {
    for (const svg of every(store, { title: 'Checkout is down', note: 'Rollback is running.' })) {
      expect(wordsOf(svg)).toContain('Checkout is down');
      expect(wordsOf(svg)).toContain('“Rollback is running.”');
    }
  });

  test('a healthy view says that no fault was found, never that all is well', () => {
    const words = every(topologyOf(chain(wear, 'ok'))).map((svg) => wordsOf(svg).join(' '));
    for (const text of words) expect(text).toMatch(/No fault found at 1 host.*Traffic is not measured/);
  });

  test('what was not live and what could not be looked at', () => {
    const since = '2026-01-01T11:00:00.000Z';
    const cluster = { ...store.cluster, connection: 'stale', since } as const;
    const coverage = [{ resource: 'secrets', state: 'forbidden', reason: '', fix: '' }] as const;
    const topology = { ...store, cluster, coverage };
    expect(wordsOf(pictureOf({ topology, focus: null, size: 'card', theme: 'light' })).join(' ')).toContain(
      'stale',
    );
    const wide = wordsOf(pictureOf({ topology, focus: null, size: 'wide', theme: 'light' })).join(' ');
    expect(wide).toContain('stale since 2026-01-01 11:00:00 UTC');
    expect(wide).toContain('Could not be looked at: secrets');
  });

  test('an empty view is a picture too', () => {
    for (const svg of every(topologyOf({ nodes: [], edges: [], findings: [] }))) {
      expect(() => partsOf(svg)).not.toThrow();
      expect(wordsOf(svg)).toContain('No way into this cluster');
    }
  });
});

describe('what a picture shows', () => {
  const selection = (topology: Topology, focus: string | null, size: 'card' | 'wide') =>
    drain(selectionOf(drain(subjectOf(topology, focus)), size === 'card' ? CARD_CAPACITY : WIDE_CAPACITY));

  test.each(SIZES)('of 5,000 hosts the three broken chains whole, the rest in counts (%s)', (size) => {
    const topology = largeView(5000, 3);
    const { scene, left, morePivots } = selection(topology, null, size);
    const kinds = [...scene.drawing.nodes.values()].map(({ kind }) => kind).sort();
    expect(kinds.filter((kind) => kind === 'rule')).toHaveLength(3);
    expect([...new Set(kinds)]).toEqual(['controller', 'host', 'loadbalancer', 'pod', 'rule', 'service']);
    expect(left).toMatchObject({ broken: 0, ok: 4997 });
    expect(morePivots).toBe(0);
    const svg = pictureOf({ topology, focus: null, size, theme: 'light' });
    expect(wordsOf(svg).join(' ')).toMatch(/4,997 (more hosts )?with no fault found/);
    expect(svg.length).toBeLessThan(100_000);
  });

  test.each(SIZES)(
    'too many faults are drawn as far as they can be read, the others counted (%s)',
    (size) => {
      const { scene, pivots, morePivots, left } = selection(largeView(300, 90), null, size);
      expect(pivots.length).toBeGreaterThan(1);
      expect(pivots.length + morePivots).toBe(90);
      expect(left.broken).toBe(90 - pivots.length);
      expect(scene.layout.height).toBeLessThanOrEqual(
        (size === 'card' ? CARD_CAPACITY : WIDE_CAPACITY).height,
      );
    },
  );

  test.each(SIZES)('thousands of healthy hosts are folded as on the page (%s)', (size) => {
    const { scene, left } = selection(largeView(2000, 0), null, size);
    const groups = [...scene.drawing.nodes.values()].filter(({ kind }) => kind === 'group');
    expect(groups.reduce((sum, { detail }) => sum + Number(detail.count), 0)).toBe(2000);
    expect(left.ok).toBe(0);
  });

  test('the chains through the node in focus, and what is wrong on them', () => {
    const focus =
      store.nodes.find(({ kind, name }) => kind === 'service' && name === 'wear-service')?.id ?? '';
    const { scene } = selection(store, focus, 'wide');
    const hosts = [...scene.drawing.nodes.values()]
      .filter(({ kind }) => kind === 'host')
      .map(({ name }) => name);
    expect(hosts).toEqual(['wear.my-online-store.com']);
    const words = wordsOf(pictureOf({ topology: store, focus, size: 'card', theme: 'light' })).join(' ');
    expect(words).toContain('wear-service: no fault found');
    expect(words).not.toContain('503');
  });

  test.each(['host', 'rule', 'service', 'pod', 'controller', 'loadbalancer'])(
    'a focus on a %s finds the chains through it',
    (kind) => {
      const ids = store.nodes.filter((node) => node.kind === kind).map(({ id }) => id);
      for (const id of ids) {
        const { scene } = selection(store, id, 'wide');
        expect(scene.drawing.nodes.has(id)).toBe(true);
        expect([...scene.drawing.nodes.values()].some((node) => node.kind === 'rule')).toBe(true);
      }
    },
  );

  test('a focus that is not there is as none', () => {
    const input = { topology: store, size: 'card', theme: 'dark' } as const;
    expect(pictureOf({ ...input, focus: 'rule:gone' })).toBe(pictureOf({ ...input, focus: null }));
  });
});

describe('whatever is in it', () => {
  const EVIL = `</svg><script>alert(1)</script>]]>&amp;"' onload=x \u0000\ud800\u202eשלום عربي 😀 日本 ${'x'.repeat(253)}`;
  const evil = { host: EVIL, path: `/${EVIL}`, service: EVIL, pod: EVIL };
  const hostile = topologyOf(joined([chain(evil, 'broken'), chain(names, 'broken')]), EVIL);

  test('a picture is one closed SVG of known elements and attributes that refers to nothing', () => {
    for (const svg of [
      ...every(store),
      ...every(hostile, { title: EVIL, note: EVIL }),
      ...every(largeView(40, 3)),
    ]) {
      partsOf(svg);
      expect(svg.isWellFormed()).toBe(true);
      expect(svg).not.toMatch(/[\p{Cc}\u202a-\u202e\ufffe\uffff]/u);
    }
  });

  test('the reader above would notice', () => {
    for (const bad of [
      '<svg><script/></svg>',
      '<svg><g></svg>',
      '<svg x="<"/>',
      '<svg onload="x"/>',
      '<svg fill="url(#a)"/>',
      '<svg>a<b</svg>',
    ])
      expect(() => partsOf(bad)).toThrow();
  });

  test.each(SIZES)('size and height keep to their limits (%s)', (size) => {
    for (const topology of [store, hostile, largeView(300, 90)]) {
      const svg = pictureOf({ topology, focus: null, size, theme: 'light', note: EVIL.repeat(100) });
      const [, width, height] = / width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
      expect(Number(width)).toBe(size === 'card' ? 1200 : 2400);
      if (size === 'card') expect(Number(height)).toBe(630);
      else expect(Number(height)).toBeLessThanOrEqual(3600);
    }
  });

  test('odd nodes, edges into nothing and statuses of a newer server', () => {
    const odd = {
      ...store,
      nodes: store.nodes.map((node, i) => ({
        ...node,
        detail: i % 2 ? {} : { addresses: 7, ports: null, host: {} },
      })),
      edges: [
        ...store.edges,
        { ...store.edges[0]!, id: 'backs:a>b', source: 'service:no/where', target: 'pod:no/where' },
      ],
    };
    const newer = {
      ...store,
      nodes: store.nodes.map((node) => ({ ...node, kind: 'gateway', status: 'sleepy' })),
    } as unknown as Topology;
    for (const svg of [...every(odd), ...every(newer), ...every({ ...store, takenAt: 'yesterday' })])
      partsOf(svg);
  });

  test('the same view gives the same bytes, in whatever order it comes', () => {
    const turned = { ...store, nodes: [...store.nodes].reverse(), edges: [...store.edges].reverse() };
    const input = { focus: null, size: 'wide', theme: 'light' } as const;
    expect(pictureOf({ topology: turned, ...input })).toBe(pictureOf({ topology: store, ...input }));
  });
});
