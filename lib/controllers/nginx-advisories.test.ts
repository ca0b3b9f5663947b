import { describe, expect, it } from 'vitest';
import { advisoriesOf, LAST_RELEASES, nginxBuild } from './nginx-advisories';
import { outOfSupport } from './support-table';

const ids = (version: string) => advisoriesOf(version)?.map(({ id }) => id) ?? null;

describe('advisories of a version', () => {
  it.each(LAST_RELEASES)('%s has none', (version) => expect(ids(version)).toEqual([]));

  it.each([
    ['1.15.0', 'CVE-2026-4342', true],
    ['1.15.0', 'CVE-2026-3288', false],
    ['1.14.3', 'CVE-2026-24512', false],
    ['1.14.2', 'CVE-2026-24512', true],
    ['1.12.1', 'CVE-2025-1974', false],
    ['1.12.0', 'CVE-2025-1974', true],
    ['1.11.5', 'CVE-2025-1974', false],
    // Lines without a fix of their own, below and above the fixed ones.
    ['1.10.9', 'CVE-2025-1974', true],
    ['1.13.0', 'CVE-2025-1974', false],
    ['1.12.4', 'CVE-2025-15566', true],
    ['0.21.0', 'CVE-2021-25745', true],
  ])('%s and %s: %s', (version, id, open) => expect(ids(version)?.includes(id)).toBe(open));

  it('says nothing of what is no full version', () => expect([ids(''), ids('1.15')]).toEqual([null, null]));
});

describe('whose build an image is', () => {
  it.each([
    ['registry.k8s.io/ingress-nginx/controller:v1.15.1', 'upstream'],
    ['registry.k8s.io/ingress-nginx/controller-chroot:v1.11.5@sha256:00', 'upstream'],
    ['docker.io/rancher/mirrored-ingress-nginx-controller:v1.9.4', 'upstream'],
    ['mirror.example.com/ingress-nginx/controller@sha256:00', 'upstream'],
    ['registry.k8s.io/ingress-nginx/controller:v1.12.0-beta.0', 'upstream'],
    ['mcr.microsoft.com/oss/kubernetes/ingress/nginx-ingress-controller:v1.11.5', 'aks'],
    ['rancher/nginx-ingress-controller:v1.12.4-hardened2', 'other'],
    ['docker.io/bitnami/nginx-ingress-controller:1.12.1', 'other'],
    ['registry.example.com/fork/ingress-nginx/controller:v1.15.1-patched', 'other'],
  ])('%s: %s', (image, origin) => expect(nginxBuild(image, {}).origin).toBe(origin));

  it('takes the version of a digest from the label', () =>
    expect(
      nginxBuild('x/ingress-nginx/controller@sha256:00', { 'app.kubernetes.io/version': 'v1.14.4' }),
    ).toEqual({
      origin: 'upstream',
      maker: 'the Kubernetes project',
      version: '1.14.4',
      told: 'label',
    }));
});

describe('lines out of support', () => {
  it.each([
    ['traefik', 'docker.io/library/traefik:v3.5.4', '3.5.4', true],
    ['traefik', 'traefik:v1.7.34', '1.7.34', true],
    ['traefik', 'traefik:v2.11.3', '2.11.3', false],
    ['traefik', 'traefik:v3.6.0', '3.6.0', false],
    ['traefik', 'traefik:v4.0.0', '4.0.0', false],
    ['traefik', 'traefik:v3.5.4-mine', '3.5.4', false],
    ['contour', 'ghcr.io/projectcontour/contour:v1.30.5', '1.30.5', true],
    ['kong', 'kong/kubernetes-ingress-controller:2.9.3', '2.9.3', true],
    ['f5-nginx', 'nginx/nginx-ingress:1.0.0', '1.0.0', false],
  ] as const)('%s %s: %s %s', (type, image, version, old) =>
    expect(outOfSupport(type, image, version) !== null).toBe(old),
  );
});
