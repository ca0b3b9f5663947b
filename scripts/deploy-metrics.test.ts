import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CODES } from '@/lib/diagnosis/codes';
import { Metrics, metricsText } from '@/server/metrics';
import { ProcessMetrics } from '@/server/process-metrics';

const rulesSchema = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string().startsWith('IngressAtlas'),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.object({ severity: z.enum(['critical', 'warning', 'info']) }),
          annotations: z.object({ summary: z.string().min(10), description: z.string().min(10) }),
        }),
      ),
    }),
  ),
});

const dashboardSchema = z.object({
  title: z.literal('Ingress Atlas'),
  templating: z.object({ list: z.array(z.object({ name: z.string() })) }),
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string(),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(z.object({ expr: z.string(), refId: z.string() })).optional(),
    }),
  ),
});

const rules = () =>
  rulesSchema.parse(parse(readFileSync('deploy/alerts.yaml', 'utf8'))).groups.flatMap((g) => g.rules);
const dashboard = () =>
  dashboardSchema.parse(JSON.parse(readFileSync('deploy/grafana/ingress-atlas.json', 'utf8')));

/** Every series that a scrape may give, by name, with its labels' names. */
async function series(): Promise<ReadonlySet<string>> {
  const none = () => 0;
  const metrics = new Metrics({
    clients: none,
    views: none,
    version: none,
    connection: () => 'live',
    synced: () => true,
    findings: () => [],
    hosts: () => ({}),
    nodes: none,
    edges: none,
    clusterStats: () => null,
    buildFailures: none,
    recorder: () => ({ state: 'off', bytes: 0, frames: 0, gaps: 0, queueBytes: 0, lagMs: 0, cpuMs: 0 }),
  });
  const registry = new Registry();
  const ofProcess = new ProcessMetrics(registry);
  const { body } = await metricsText(registry, [metrics]);
  ofProcess.stop();
  const names = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  return new Set(names);
}

/** Names of series in a query: what is neither a function, nor a label, nor a word of the language. */
function seriesIn(expr: string): readonly string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\b(by|without) \([^)]*\)/g, '');
  return [...bare.matchAll(/\b[a-z]\w*_\w+\b(?!\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => name !== '__rate_interval');
}

const expressions = () => [
  ...rules().map(({ alert, expr }) => [alert, expr] as const),
  ...dashboard().panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [title, expr] as const),
  ),
];

test('every metric that an alert or the Grafana dashboard asks for is one of ours', async () => {
  const known = await series();
  const all = expressions();
  expect(all.length).toBeGreaterThan(40);
  for (const [where, expr] of all) {
    const asked = seriesIn(expr);
    expect(asked.length, `${where}: ${expr}`).toBeGreaterThan(0);
    for (const name of asked) expect([where, name, known.has(name)]).toEqual([where, name, true]);
  }
});

test('every metric of our own is shown or watched somewhere, but for what is for our own measurements', async () => {
  const asked = new Set(expressions().flatMap(([, expr]) => seriesIn(expr)));
  const own = [...(await series())].filter(
    (name) => name.startsWith('atlas_') && !/_(sum|count)$/.test(name),
  );
  expect(own.filter((name) => !asked.has(name)).sort()).toEqual([
    'atlas_edges',
    'atlas_nodes',
    'atlas_recorder_frames',
    'atlas_version',
    'atlas_views',
    'atlas_watch_bookmarks_total',
  ]);
});

test('alerts name checks that there are', () => {
  const named = rules().flatMap(({ expr }) => /code=~?"([^"]+)"/.exec(expr)?.[1]?.split('|') ?? []);
  expect(named.length).toBeGreaterThan(2);
  for (const code of named) expect(Object.hasOwn(CODES, code), code).toBe(true);
});

test('panels of the Grafana dashboard have ids of their own and do not lie on each other', () => {
  const { panels, templating } = dashboard();
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'instance']);
  const taken = new Set<string>();
  for (const { gridPos, title } of panels)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(x, title).toBeLessThan(24);
        expect(taken.has(`${x},${y}`), title).toBe(false);
        taken.add(`${x},${y}`);
      }
});

const promtool = ['/usr/bin/promtool', process.env.PROMTOOL ?? ''].find(
  (path) => path !== '' && existsSync(path),
);

test.skipIf(!promtool)('Prometheus takes the alerts, and their own tests pass', () => {
  const run = (...args: readonly string[]) => execFileSync(promtool ?? '', args, { encoding: 'utf8' });
  expect(run('check', 'rules', 'deploy/alerts.yaml')).toContain('SUCCESS');
  expect(run('test', 'rules', 'deploy/alerts.test.yaml')).toContain('SUCCESS');
});
