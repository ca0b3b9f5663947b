import { describe, expect, it } from 'vitest';
import { adminEndpoint } from './admin-products';

const NOTHING = { host: 'www.example.com', path: '/', service: 'wear', images: [] };

describe('consoles of administration', () => {
  it.each([
    ['one sign is not enough', { service: 'grafana' }, null],
    ['host and Service', { service: 'my-grafana', host: 'grafana.example.com' }, 'Grafana'],
    ['image and path', { path: '/kibana', images: ['docker.elastic.co/kibana/kibana:8.15.0'] }, 'Kibana'],
    ['an ordinary word without image', { service: 'vault', host: 'vault.example.com' }, null],
    ['an ordinary word with image', { service: 'vault', images: ['hashicorp/vault:1.18'] }, 'Vault'],
    ['a word within another', { service: 'grafanalytics', host: 'grafanalytics.example.com' }, null],
    ['a path alone', { path: '/metrics' }, null],
    ['a path and its name', { path: '/metrics', service: 'wear-metrics' }, 'the path /metrics'],
    ['an administrator of shirts', { path: '/administrators', service: 'shirt-admin' }, null],
  ])('%s', (_, signs, what) => expect(adminEndpoint({ ...NOTHING, ...signs })?.what ?? null).toBe(what));
});
