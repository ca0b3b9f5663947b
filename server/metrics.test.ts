import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { emptyStats } from './cluster/stats';
import { Metrics, metricsText } from './metrics';
import { ProcessMetrics } from './process-metrics';

const finding = {
  code: 'service-missing',
  severity: 'broken',
  impact: 'traffic',
  settled: true,
  state: 'open',
};

test('counts what is asked for when scraped, and nothing twice', async () => {
  const registry = new Registry();
  const process = new ProcessMetrics(registry);
  const metrics = new Metrics({
    clients: () => 3,
    views: () => 2,
    version: () => 7,
    connection: () => 'stale',
    synced: () => true,
    findings: () => [finding, finding, { ...finding, settled: false }] as never,
    hosts: () => ({ ok: 4, broken: 1 }),
    nodes: () => 10,
    edges: () => 9,
    clusterStats: () => ({
      resources: { pods: { ...emptyStats(), objects: 5, events: 8, relists: 1 } },
      handlerErrors: 0,
    }),
    buildFailures: () => 0,
    recorder: () => ({
      state: 'behind',
      bytes: 4096,
      frames: 12,
      gaps: 1,
      queueBytes: 77,
      lagMs: 6000,
      cpuMs: 5,
    }),
  });
  metrics.publishLag(60);
  metrics.run(12);
  metrics.asked('nxdomain', 30);
  process.error();
  process.answered({ requestId: 'x', method: 'GET', route: 'topology', status: 200, ms: 3 });
  await metricsText(registry, [metrics]);
  const { body, contentType } = await metricsText(registry, [metrics]);
  expect(contentType).toContain('text/plain');
  for (const line of [
    'atlas_stream_clients 3',
    'atlas_version 7',
    'atlas_cluster_connection{state="stale"} 1',
    'atlas_cluster_connection{state="live"} 0',
    'atlas_findings{code="service-missing",severity="broken",impact="traffic"} 2',
    'atlas_hosts{status="ok"} 4',
    'atlas_hosts{status="degraded"} 0',
    'atlas_check_run_milliseconds_bucket{le="25"} 1',
    'atlas_dns_lookup_milliseconds_count{outcome="nxdomain"} 1',
    'atlas_http_requests_total{route="topology",method="GET",status="200"} 1',
    'atlas_http_answer_milliseconds_sum{route="topology"} 3',
    'atlas_cached_objects{resource="pods"} 5',
    'atlas_watch_events_total{resource="pods"} 8',
    'atlas_relists_total{resource="pods"} 1',
    'atlas_publish_lag_milliseconds_count 1',
    'atlas_errors_total 1',
    'atlas_recorder_state{state="behind"} 1',
    'atlas_recorder_state{state="recording"} 0',
    'atlas_recorder_queue_bytes 77',
    'atlas_recorder_lag_milliseconds 6000',
    'atlas_recorder_database_bytes 4096',
    'atlas_recorder_gaps 1',
  ]) {
    expect(body).toContain(line);
  }
  process.stop();
});
