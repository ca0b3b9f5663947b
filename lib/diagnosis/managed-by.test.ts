import { describe, expect, test } from 'vitest';
import type { Labels } from '@/lib/kube/objects';
import { managedBy } from './managed-by';

function of(labels: Labels, annotations: Labels = {}, namespace = 'shop') {
  return managedBy({
    namespace,
    name: 'web',
    uid: '',
    created: null,
    deleting: null,
    labels,
    annotations,
    owner: null,
  });
}

describe('who manages an object', () => {
  test('Argo CD by tracking annotation, instance label or instance annotation', () => {
    expect(of({}, { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web' })).toBe(
      'Argo CD application shop',
    );
    expect(of({ 'argocd.argoproj.io/instance': 'shop' })).toBe('Argo CD application shop');
    expect(of({}, { 'argocd.argoproj.io/instance': 'shop' })).toBe('Argo CD application shop');
  });

  test('the common instance label counts only beside an Argo CD annotation', () => {
    expect(of({ 'app.kubernetes.io/instance': 'shop' })).toBeNull();
    expect(of({ 'app.kubernetes.io/instance': 'shop' }, { 'argocd.argoproj.io/sync-wave': '1' })).toBe(
      'Argo CD application shop',
    );
  });

  test('Flux', () => {
    expect(
      of({
        'kustomize.toolkit.fluxcd.io/name': 'apps',
        'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
      }),
    ).toBe('Flux Kustomization apps in flux-system');
    expect(of({ 'helm.toolkit.fluxcd.io/name': 'shop' })).toBe('Flux HelmRelease shop');
  });

  test('Helm needs its label and its annotation', () => {
    const annotations = { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'prod' };
    expect(of({ 'app.kubernetes.io/managed-by': 'Helm' }, annotations)).toBe('Helm release shop in prod');
    expect(of({ 'app.kubernetes.io/managed-by': 'Helm' }, { 'meta.helm.sh/release-name': 'shop' })).toBe(
      'Helm release shop in shop',
    );
    expect(of({ 'app.kubernetes.io/managed-by': 'Helm' })).toBeNull();
    expect(of({}, annotations)).toBeNull();
  });

  test('GitOps comes before Helm', () => {
    const labels = {
      'app.kubernetes.io/managed-by': 'Helm',
      'helm.toolkit.fluxcd.io/name': 'shop',
      'helm.toolkit.fluxcd.io/namespace': 'apps',
    };
    expect(of(labels, { 'meta.helm.sh/release-name': 'shop' })).toBe('Flux HelmRelease shop in apps');
  });

  test('nobody known', () => {
    expect(of({})).toBeNull();
  });
});
