import { describe, expect, it } from 'vitest';
import type { ConfigMap } from '@/lib/kube/objects';
import { effectiveSettings, type SettingsSource } from './effective-settings';
import { container, workload } from './testing';

const nginx = workload([
  container('registry.k8s.io/ingress-nginx/controller:v1.15.1', [
    '/nginx-ingress-controller',
    '--configmap=$(POD_NAMESPACE)/c',
    '--v=3',
    '--api-token=hunter2',
  ]),
]);
const map: ConfigMap = {
  namespace: 'ingress',
  name: 'c',
  uid: 'c',
  created: null,
  deleting: null,
  labels: {},
  annotations: {},
  owner: null,
  edited: null,
  data: { 'proxy-body-size': '50m', 'my-own': 'x'.repeat(400), constructor: 'odd' },
};
const base: SettingsSource = {
  type: 'ingress-nginx',
  workload: nginx,
  configMaps: [map],
  incomplete: false,
};
const by = (source: SettingsSource) => new Map(effectiveSettings(source).map((entry) => [entry.name, entry]));

describe('settings in force', () => {
  it('are the ConfigMap’s, then arguments, then defaults, each with where it comes from', () => {
    const found = by(base);
    expect(found.get('proxy-body-size')).toEqual({
      name: 'proxy-body-size',
      value: '50m',
      from: 'ConfigMap ingress/c',
      group: 'body size',
    });
    expect(found.get('proxy-read-timeout')).toMatchObject({
      value: '60',
      from: 'default',
      group: 'timeouts',
    });
    expect(found.get('--v')).toMatchObject({ value: '3', from: 'argument', group: 'logging' });
    expect(found.get('my-own')?.value).toHaveLength(300);
    expect(found.get('constructor')?.group).toBe('custom');
    expect(JSON.stringify([...found])).not.toContain('hunter2');
  });

  it('have no defaults where a ConfigMap cannot be read', () => {
    expect(by({ ...base, configMaps: [], incomplete: true }).has('proxy-body-size')).toBe(false);
  });

  it('of others are their arguments', () => {
    const found = effectiveSettings({ ...base, type: 'traefik', configMaps: [] });
    expect(found.every(({ from }) => from === 'argument')).toBe(true);
  });
});
