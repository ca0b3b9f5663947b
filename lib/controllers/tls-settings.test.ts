import { describe, expect, it } from 'vitest';
import type { Workload } from '@/lib/kube/objects';
import { Interner } from '@/lib/kube/project/interner';
import { project } from '@/lib/kube/project/project';
import { recogniseWorkload } from './registry';
import { tlsSettings } from './tls-settings';

function settings(image: string, args: readonly string[]) {
  const env = [{ name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }];
  const raw = {
    metadata: { name: 'c', namespace: 'edge' },
    spec: { template: { spec: { containers: [{ name: 'c', image, args, env }] } } },
  };
  const workload = project('deployments', raw, new Interner()) as Workload;
  const recognised = recogniseWorkload(workload);
  if (!recognised) throw new Error('not recognised');
  return tlsSettings(workload, recognised);
}

const NGINX = 'registry.k8s.io/ingress-nginx/controller:v1.15.1';

describe('what controllers are told of TLS', () => {
  it('ingress-nginx: default certificate, passthrough and ConfigMap', () => {
    expect(
      settings(NGINX, [
        '--default-ssl-certificate=$(POD_NAMESPACE)/wildcard',
        '--enable-ssl-passthrough',
        '--configmap=settings',
      ]),
    ).toEqual({
      defaultCertificate: 'edge/wildcard',
      passthrough: true,
      configMap: 'edge/settings',
      tlsEverywhere: false,
    });
    expect(settings(NGINX, [])).toMatchObject({ defaultCertificate: null, passthrough: false });
  });

  it('says where a flag cannot be read', () => {
    expect(settings(NGINX, ['--default-ssl-certificate=$(SECRET)'])).toMatchObject({
      defaultCertificate: 'unknown',
    });
  });

  it.each([
    ['haproxytech/kubernetes-ingress:3.1', ['--default-ssl-certificate=a/b'], 'a/b'],
    ['quay.io/jcmoraisjr/haproxy-ingress:v0.15', ['--default-ssl-certificate=a/b'], 'a/b'],
    ['nginx/nginx-ingress:5.0', ['-wildcard-tls-secret=a/b'], 'a/b'],
    ['traefik:v3.5', ['--providers.kubernetesingress'], null],
    ['traefik:v3.5', ['--providers.kubernetesingress', '--providers.kubernetescrd'], 'unknown'],
    ['traefik:v3.5', ['--providers.kubernetesingress', '--certificatesresolvers.le.acme.email=x'], 'unknown'],
    ['kong/kubernetes-ingress-controller:3.4', [], 'unknown'],
  ])('%s %s: %s', (image, args, expected) => {
    expect(settings(image, args).defaultCertificate).toBe(expected);
  });

  it('Traefik: an entry point that ends TLS', () => {
    const on = ['--providers.kubernetesingress', '--entryPoints.websecure.http.tls=true'];
    expect(settings('traefik:v3.5', on).tlsEverywhere).toBe(true);
    expect(settings('traefik:v3.5', ['--configfile=/x.yaml']).tlsEverywhere).toBe('unknown');
  });
});
