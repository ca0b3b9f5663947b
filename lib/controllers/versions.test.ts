import { expect, it } from 'vitest';
import { kubernetesMinor, unsupportedBy } from './versions';

it.each([
  ['registry.k8s.io/ingress-nginx/controller:v1.15.1', 35, null],
  ['registry.k8s.io/ingress-nginx/controller:v1.15.1', 36, { from: 31, to: 35, line: null }],
  ['registry.k8s.io/ingress-nginx/controller:v1.11.5@sha256:ab', 34, { from: 26, to: 30, line: '1.15' }],
  ['registry.k8s.io/ingress-nginx/controller:v1.13.0', 28, { from: 29, to: 33, line: '1.12' }],
  ['rancher/nginx-ingress-controller:nginx-1.12.4-hardened2', 36, null],
  ['registry.k8s.io/ingress-nginx/controller:v1.12.4-chainguard', 36, null],
  ['registry.k8s.io/ingress-nginx/controller:v1.99.0', 36, null],
  ['traefik:v3.5.0', 36, null],
])('%s on 1.%i', (image, minor, expected) => {
  expect(unsupportedBy(image, minor)).toEqual(expected);
});

it.each([
  ['v1.33.2', 33],
  ['v1.30.5-gke.1014001', 30],
  ['v1.29+', 29],
  ['1.28', 28],
  ['v2.0.0', null],
  ['', null],
])('%s', (version, minor) => {
  expect(kubernetesMinor(version)).toBe(minor);
});
