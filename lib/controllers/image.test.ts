import { describe, expect, test } from 'vitest';
import { imageEndsWith, imageVersion, isOrdinaryImage, parseImage } from './image';

describe('image names', () => {
  test('registry ports are no tags', () => {
    expect(parseImage('registry:5000/a/B:v1@sha256:00')).toEqual({
      segments: ['registry:5000', 'a', 'b'],
      base: 'b',
      tag: 'v1',
    });
    expect(parseImage('registry:5000/a')).toMatchObject({ base: 'a', tag: '' });
  });

  test('mirrors keep the end of the path, or flatten it', () => {
    expect(imageEndsWith('harbor.corp/proxy/ingress-nginx/controller:v1', 'ingress-nginx/controller')).toBe(
      true,
    );
    expect(imageEndsWith('rancher/mirrored-ingress-nginx-controller:v1', 'ingress-nginx/controller')).toBe(
      true,
    );
    expect(imageEndsWith('rancher/mirrored-library-traefik:2.10.5', 'traefik')).toBe(true);
    expect(imageEndsWith('traefik/whoami', 'traefik')).toBe(false);
    expect(imageEndsWith('corp/not-traefik', 'traefik')).toBe(false);
  });

  test.each([
    ['a:v1.15.1@sha256:00', '1.15.1'],
    ['a:nginx-0.49.3-rancher1', '0.49.3'],
    ['a:0.9.0-beta.15', '0.9.0'],
    ['a:v3', '3'],
    ['a:latest', ''],
    ['a:sha-3f2a1b', ''],
    ['a@sha256:594ceea7', ''],
    ['a', ''],
  ])('version of %s', (image, version) => {
    expect(imageVersion(image)).toBe(version);
  });

  test('ordinary images', () => {
    for (const image of [
      'nginx:1.27',
      'haproxy:2.9',
      'traefik/whoami',
      'nginx/nginx-prometheus-exporter:1.1',
      'registry.k8s.io/defaultbackend-amd64:1.5',
    ]) {
      expect(isOrdinaryImage(image), image).toBe(true);
    }
    expect(isOrdinaryImage('corp/edge')).toBe(false);
  });
});
