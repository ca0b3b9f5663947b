import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFixture } from '@/lib/diagnosis/testing/fixture';
import { pictureOf } from '@/lib/picture/picture';
import { problemsOf } from '@/lib/topology/problems';
import { drain } from '@/lib/topology/slices';
import { NO_FILTERS } from '@/lib/topology/view-filters';
import { topologySchema } from '@/lib/wire/topology';
import { redacted } from './redact';
import { Pseudonyms } from './redact/pseudonyms';
import { scrubber } from './redact/text';
import { topologyOfFixture } from './testing/topologies';

const WHOLE = { filters: NO_FILTERS, page: [] };
const fixture = (name: string) =>
  topologyOfFixture(readFixture(join(import.meta.dirname, '../diagnosis/fixtures', `${name}.yaml`)));
const store = fixture('service-port-missing/wrong-number');

describe('a redacted snapshot', () => {
  const { topology } = drain(redacted(store, WHOLE, ''));

  test('is a topology of the same shape: every reference leads where it led', () => {
    expect(topologySchema.parse(JSON.parse(JSON.stringify(topology)))).toEqual(
      JSON.parse(JSON.stringify(topology)),
    );
    const nodes = new Map(store.nodes.map(({ id }, index) => [id, topology.nodes[index]?.id]));
    expect(new Set(nodes.values()).size).toBe(store.nodes.length);
    expect(topology.edges.map(({ source, target }) => [source, target])).toEqual(
      store.edges.map(({ source, target }) => [nodes.get(source), nodes.get(target)]),
    );
    expect(topology.nodes.map(({ kind, status }) => [kind, status])).toEqual(
      store.nodes.map(({ kind, status }) => [kind, status]),
    );
    const findings = new Set(topology.findings.map(({ id }) => id));
    expect(findings.size).toBe(store.findings.length);
    for (const { findings: own } of topology.nodes) for (const id of own) expect(findings).toContain(id);
    for (const { cause } of topology.findings) if (cause !== null) expect(findings).toContain(cause);
  });

  test('reads as before: the same problems in the same words', () => {
    const [problem] = problemsOf(new Map(topology.findings.map((one) => [one.id, one]))).broken;
    expect(problem?.symptom.title).toMatch(/^host-\d+\.example\/path-\d+ → 503$/);
    expect(problem?.root.detail).toMatch(/^Service name-\d+ has no port \d+; it has \d+/);
  });

  test('tells no command, no uid and no manager', () => {
    for (const { fix } of topology.findings) expect([...fix.look, ...fix.change]).toEqual([]);
    expect(JSON.stringify(topology)).not.toContain('"uid"');
  });

  test('tells neither who edited what nor what runs and is annotated', () => {
    const facts = {
      edits: [{ object: 'Ingress shop/secretname', manager: 'jane-doe', at: '2026-01-01T00:00:00.000Z' }],
      annotations: { 'team.acme.example/owner': 'jane' },
      workloads: [
        {
          kind: 'Deployment',
          name: 'acmeapp',
          images: { main: 'acme.example/app:1' },
          replicas: 2,
          generation: 3,
        },
      ],
    };
    const nodes = store.nodes.map((node) => ({ ...node, detail: { ...node.detail, ...facts } }));
    const shown = drain(redacted({ ...store, nodes }, WHOLE, '')).topology.nodes[0]?.detail;
    expect(JSON.stringify(shown)).not.toMatch(/acme|jane|secretname|main/);
    expect(shown).toMatchObject({
      edits: [{ object: expect.stringMatching(/^Ingress [^/]+\/[^/]+$/), at: '2026-01-01T00:00:00.000Z' }],
      workloads: [{ kind: 'Deployment', replicas: 2, generation: 3 }],
    });
  });

  test('a fact that redaction knows nothing of loses its names too', () => {
    const [first, ...others] = store.nodes;
    if (!first) throw new Error('the fixture has no node');
    const detail = {
      ...first.detail,
      later: { 'acme.io/team': 'acme-payments', owner: ['acme-core', 7], ok: true },
    };
    const odd = { ...store, nodes: [{ ...first, detail }, ...others] };
    const out = drain(redacted(odd, WHOLE, '')).topology.nodes[0]?.detail;
    expect(JSON.stringify(out)).not.toContain('acme');
    expect(out?.later).toMatchObject({ owner: ['…', 7], ok: true });
  });

  test('is the same each time', () => {
    expect(drain(redacted(store, WHOLE, '')).topology).toEqual(topology);
  });

  test('its picture has no name either', () => {
    const svg = pictureOf({ topology, focus: null, theme: 'light', size: 'wide' });
    expect(svg).not.toContain('wear');
    expect(svg).not.toContain('www.example.com');
  });

  test('a view in focus stays in focus; words that were searched go', () => {
    const [node] = store.nodes.filter(({ kind }) => kind === 'service');
    const filters = {
      ...NO_FILTERS,
      focus: node?.id ?? '',
      q: 'wear',
      service: ['shop/wear'],
      host: ['www.example.com'],
    };
    const { view } = drain(
      redacted(
        store,
        {
          filters,
          page: [
            ['select', node?.id ?? ''],
            ['show', 'list'],
          ],
        },
        '',
      ),
    );
    const focused = topology.nodes[store.nodes.findIndex(({ id }) => id === node?.id)];
    expect(view.filters.focus).toBe(focused?.id);
    expect(view.page).toEqual([
      ['select', focused?.id],
      ['show', 'list'],
    ]);
    expect(view.filters.q).toBe('');
    expect(JSON.stringify(view)).not.toMatch(/wear|shop|www/);
  });
});

describe('sentences', () => {
  const scrub = () => {
    const pseudonyms = new Pseudonyms();
    for (const [kind, name] of [
      ['service', 'wear'],
      ['host', 'www.shop.io'],
      ['path', '/watch'],
      ['pod', 'wear-7f9-x'],
      ['object', 'a b'],
      ['address', '203.0.113.7'],
    ] as const)
      pseudonyms.note(kind, name);
    return scrubber(pseudonyms);
  };

  test.each([
    ['Service wear has no port 80', 'Service service-1 has no port 80'],
    ['www.shop.io/watch → 503', 'host-1.example/path-1 → 503'],
    ['https://www.shop.io/watch: 503.', 'https://host-1.example/path-1: 503.'],
    ['shop/wear:8080', '…/service-1:8080'],
    ['pod “wear-7f9-x” of wear', 'pod “pod-1” of service-1'],
    ['203.0.113.7 and 198.51.100.1, 2001:db8::1', 'address-1 and address-2, address-3'],
    ['at 12:00:05 on 2026-01-01', 'at 12:00:05 on 2026-01-01'],
    ['wearing a hat', '… a …'],
    ['last changed by acme-deployer (Update)', 'last changed by manager-1 (Update)'],
    ['spec.rules[0].host', 'spec.rules[0].host'],
    ['password=hunter2', 'password=…'],
    ['an unknown-thing.example.org', 'an …'],
    ['a b is gone', 'object-1 is gone'],
  ])('%s', (text, expected) => {
    expect(scrub()(text)).toBe(expected);
  });
});
