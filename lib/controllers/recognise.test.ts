import { describe, expect, test } from 'vitest';
import { recogniseWorkload } from './registry';
import { container, controller, workload } from './testing';

describe('recognising by image', () => {
  test.each([
    ['registry.k8s.io/ingress-nginx/controller-chroot:v1.11.2', 'ingress-nginx'],
    ['harbor.corp/k8s/ingress-nginx/controller:v1.11.2', 'ingress-nginx'],
    ['private-registry.nginx.com/nginx-ic/nginx-plus-ingress:5.5.0', 'f5-nginx'],
    ['haproxytech/kubernetes-ingress:3.1', 'haproxytech'],
    ['quay.io/jcmoraisjr/haproxy-ingress:v0.15.0', 'haproxy-ingress'],
    ['kong/kubernetes-ingress-controller:3.4', 'kong'],
    ['public.ecr.aws/eks/aws-load-balancer-controller:v2.8.0', 'aws-alb'],
    ['mcr.microsoft.com/azure-application-gateway/kubernetes-ingress:1.7.5', 'agic'],
    ['docker.io/istio/pilot:1.28.0', 'istio'],
  ])('%s is %s for certain', (image, type) => {
    expect(controller(image)).toMatchObject({ type, confidence: 'certain', evidence: [`image ${image}`] });
  });

  test('k3s brings Traefik under a mirrored name', () => {
    expect(
      controller('rancher/mirrored-library-traefik:2.11.8', ['--providers.kubernetesingress']),
    ).toMatchObject({
      type: 'traefik',
      version: '2.11.8',
      confidence: 'certain',
    });
  });

  test('a renamed image is known by its command', () => {
    const found = controller('corp/edge-proxy:7', [
      '/nginx-ingress-controller',
      '--controller-class=corp/edge',
    ]);
    expect(found).toMatchObject({
      type: 'ingress-nginx',
      confidence: 'likely',
      controllerValues: ['corp/edge'],
    });
    expect(found.evidence).toEqual(['command nginx-ingress-controller', 'argument --controller-class']);
  });

  test('labels alone are a guess', () => {
    const templateLabels = {
      'app.kubernetes.io/name': 'ingress-nginx',
      'app.kubernetes.io/component': 'controller',
    };
    expect(recogniseWorkload(workload([container('corp/edge:1')], { templateLabels }))).toMatchObject({
      type: 'ingress-nginx',
      confidence: 'guess',
      evidence: ['label app.kubernetes.io/name=ingress-nginx'],
    });
  });
});

describe('what must not be recognised', () => {
  const nginxLabels = { 'app.kubernetes.io/name': 'ingress-nginx', app: 'nginx-ingress' };

  test.each([
    'nginx:1.27',
    'traefik/whoami:v1.10',
    'haproxy:2.9',
    'envoyproxy/envoy:v1.31.0',
    'nginx/nginx-prometheus-exporter:1.3',
    'registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.9',
    'registry.k8s.io/defaultbackend-amd64:1.5',
    'nginx/nginx-ingress-operator:3.0',
  ])('%s, whatever its labels', (image) => {
    expect(recogniseWorkload(workload([container(image)], { templateLabels: nginxLabels }))).toBeNull();
  });

  test.each([
    'traefik/mesh:1.4',
    'kong/httpbin',
    'nginxdemos/nginx-hello:plain-text',
    'istio/proxyv2:1.28.0',
    'corp/kubernetes-ingress:1',
  ])('%s', (image) => {
    expect(recogniseWorkload(workload([container(image)]))).toBeNull();
  });

  test('an ordinary image with a sidecar, whatever its labels', () => {
    const pod = [container('nginx:1.27'), container('docker.io/istio/proxyv2:1.28.0', ['proxy', 'sidecar'])];
    expect(recogniseWorkload(workload(pod, { templateLabels: nginxLabels }))).toBeNull();
  });

  test('default backend and admission parts of a controller chart', () => {
    for (const component of ['default-backend', 'admission-webhook']) {
      const templateLabels = { ...nginxLabels, 'app.kubernetes.io/component': component };
      expect(
        recogniseWorkload(workload([container('corp/errors:1')], { templateLabels })),
        component,
      ).toBeNull();
    }
  });

  test('an Envoy sidecar beside an application', () => {
    const pod = [
      container('corp/shop:1'),
      container('envoyproxy/envoy:v1.31.0', ['-c', '/etc/envoy/envoy.yaml']),
    ];
    expect(recogniseWorkload(workload(pod))).toBeNull();
  });

  test('an Istio sidecar, an egress gateway and a waypoint', () => {
    const sidecar = container('docker.io/istio/proxyv2:1.28.0', ['proxy', 'sidecar']);
    expect(recogniseWorkload(workload([container('corp/shop:1'), sidecar]))).toBeNull();
    const router = container('docker.io/istio/proxyv2:1.28.0', ['proxy', 'router']);
    expect(recogniseWorkload(workload([router], { templateLabels: { istio: 'egressgateway' } }))).toBeNull();
    expect(
      recogniseWorkload(workload([container('docker.io/istio/proxyv2:1.28.0', ['proxy', 'waypoint'])])),
    ).toBeNull();
  });

  test('Traefik that only serves files', () => {
    expect(
      recogniseWorkload(workload([container('traefik:v3.1', ['--providers.file.filename=/a.yaml'])])),
    ).toBeNull();
  });

  test('a flag that others use too', () => {
    expect(recogniseWorkload(workload([container('corp/operator:1', ['--controller-class=x'])]))).toBeNull();
    expect(recogniseWorkload(workload([container('corp/operator:1', ['--ingress-class=nginx'])]))).toBeNull();
  });
});
