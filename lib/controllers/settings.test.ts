import { describe, expect, test } from 'vitest';
import { recogniseWorkload } from './registry';
import { container, controller, workload } from './testing';

describe('ingress-nginx flags', () => {
  const image = 'registry.k8s.io/ingress-nginx/controller:v1.15.1';

  test('every selection flag is read', () => {
    const found = controller(image, [
      '--controller-class=corp/edge',
      '--ingress-class',
      'edge',
      '--ingress-class-by-name',
      '--watch-ingress-without-class=true',
      '--watch-namespace-selector=team in (a,b),!legacy',
      '--disable-catch-all',
      '--publish-service=edge/lb',
    ]);
    expect(found).toMatchObject({
      controllerValues: ['corp/edge'],
      ingressClass: 'edge',
      classByName: true,
      watchWithoutClass: true,
      disableCatchAll: true,
      publishService: 'edge/lb',
      watchNamespaceSelector: {
        matchExpressions: [
          { key: 'team', operator: 'In', values: ['a', 'b'] },
          { key: 'legacy', operator: 'DoesNotExist', values: [] },
        ],
      },
    });
  });

  test('an unreadable flag is unknown, never its default', () => {
    const found = controller(image, ['--controller-class=$(CLASS)', '--watch-namespace=$(NS)']);
    expect(found).toMatchObject({
      controllerValues: [],
      watchNamespaces: 'unknown',
      unreadable: ['controller-class', 'watch-namespace'],
    });
  });

  test('versions before 1.0 predate this API', () => {
    const old = 'quay.io/kubernetes-ingress-controller/nginx-ingress-controller';
    expect(controller(`${old}:0.21.0`, ['/nginx-ingress-controller'])).toMatchObject({
      type: 'ingress-nginx',
      version: '0.21.0',
      predatesV1: true,
      watchWithoutClass: true,
    });
    expect(controller(`${old}@sha256:00`).predatesV1).toBe(true);
    expect(controller('registry.k8s.io/ingress-nginx/controller:v0.49.3').predatesV1).toBe(true);
    expect(
      controller('bitnami/nginx-ingress-controller:1.11.2', ['/nginx-ingress-controller']).predatesV1,
    ).toBe(false);
    expect(controller('registry.k8s.io/ingress-nginx/controller@sha256:00').predatesV1).toBe(false);
  });
});

describe('other controllers', () => {
  test('Traefik without readable configuration is unknown', () => {
    expect(controller('traefik:v3.1')).toMatchObject({
      servesIngress: 'unknown',
      unreadable: ['configuration file'],
    });
  });

  test("Traefik's ingress-nginx provider claims ingress-nginx's class", () => {
    const found = controller('traefik:v3.7', [
      '--providers.kubernetesIngressNGINX=true',
      '--providers.kubernetesingressnginx.ingressclass=edge',
    ]);
    expect(found).toMatchObject({
      type: 'traefik',
      controllerValues: ['k8s.io/ingress-nginx'],
      nginxProvider: { ingressClass: 'edge' },
    });
  });

  test('HAProxy Technologies adds its class to the controller value', () => {
    expect(controller('haproxytech/kubernetes-ingress:3.1', ['--ingress.class=edge'])).toMatchObject({
      controllerValues: ['haproxy.org/ingress-controller/edge'],
      watchWithoutClass: false,
    });
  });

  test('haproxy-ingress is not taken for its ancestor ingress-nginx', () => {
    expect(
      controller('corp/haproxy-ingress:0.15', [
        '--controller-class=staging',
        '--watch-ingress-without-class',
      ]),
    ).toMatchObject({
      type: 'haproxy-ingress',
      controllerValues: ['haproxy-ingress.github.io/controller/staging'],
      watchWithoutClass: true,
    });
  });

  test('Kong is control, data or both, and reads its environment', () => {
    const env = { CONTROLLER_INGRESS_CLASS: 'edge', CONTROLLER_PUBLISH_SERVICE: 'kong/proxy' };
    const control = container('kong/kubernetes-ingress-controller:3.4', [], { env });
    const gateway = container('kong:3.9');
    expect(recogniseWorkload(workload([control]))).toMatchObject({
      role: 'control',
      ingressClass: 'edge',
      publishService: 'kong/proxy',
    });
    expect(recogniseWorkload(workload([gateway, control]))).toMatchObject({
      role: 'both',
      ingressClass: 'edge',
    });
    expect(recogniseWorkload(workload([gateway]))).toMatchObject({
      type: 'kong',
      role: 'data',
      confidence: 'likely',
    });
  });

  test('Istio gateways, also those filled in by injection', () => {
    const router = container('docker.io/istio/proxyv2:1.28.0', ['proxy', 'router']);
    expect(
      recogniseWorkload(workload([router], { templateLabels: { istio: 'ingressgateway' } })),
    ).toMatchObject({ type: 'istio', role: 'data' });
    const injected = container('auto', [], { name: 'istio-proxy' });
    expect(recogniseWorkload(workload([injected]))).toMatchObject({
      type: 'istio',
      role: 'data',
      confidence: 'likely',
    });
  });

  test('Cilium is a guess until its switch is seen', () => {
    expect(controller('quay.io/cilium/operator-generic:v1.18.0')).toMatchObject({
      role: 'control',
      confidence: 'guess',
      servesIngress: 'unknown',
    });
    expect(
      controller('quay.io/cilium/operator-generic:v1.18.0', ['--enable-ingress-controller=true']),
    ).toMatchObject({ confidence: 'certain' });
    expect(controller('quay.io/cilium/cilium-envoy:v1.35')).toMatchObject({ role: 'data' });
  });
});
