import { describe, expect, test } from 'vitest';
import type { Ingress } from '@/lib/kube/objects';
import { externalInstance } from './external';
import { externalController } from './registry';
import { annotated, ask, controller, ingress, ingressClass } from './testing';

const ours = ingressClass('nginx', 'k8s.io/ingress-nginx');
const named = (className: string, rest: Partial<Ingress> = {}) => ingress({ className, ...rest });

describe('controllers in front of the cluster', () => {
  test('AWS resolves the default class when it reads', () => {
    const alb = controller('public.ecr.aws/eks/aws-load-balancer-controller:v3.5.0', ['--ingress-class=alb']);
    const own = ingressClass('alb', 'ingress.k8s.aws/alb', true);
    expect(ask(alb, annotated('alb')).accepts).toBe('yes');
    expect(ask(alb, named('alb'), { ingressClass: own }).accepts).toBe('yes');
    expect(ask(alb, ingress(), { classes: [own] }).accepts).toBe('yes');
    expect(ask(alb, ingress()).accepts).toBe('no');
  });

  test('GCE honours the annotation only', () => {
    const gce = externalInstance({ type: 'gce', name: 'GKE Ingress' }, '');
    expect(ask(gce, annotated('gce-internal')).accepts).toBe('yes');
    expect(ask(gce, ingress()).accepts).toBe('yes');
    expect(ask(gce, named('gce'), { ingressClass: 'missing' }).accepts).toBe('no');
    expect(ask(gce, annotated('nginx')).accepts).toBe('no');
  });

  test('known by spec.controller or by the legacy annotation', () => {
    expect(externalController('ingress.k8s.aws/alb', null)?.type).toBe('aws-alb');
    expect(externalController('eks.amazonaws.com/alb', null)?.type).toBe('aws-alb');
    expect(externalController('azure/application-gateway', null)?.type).toBe('agic');
    expect(externalController('oci.oraclecloud.com/native-ingress-controller', null)?.name).toContain('OKE');
    expect(externalController('', 'gce-internal')?.type).toBe('gce');
    expect(externalController('', 'alb')?.type).toBe('aws-alb');
    expect(externalController('k8s.io/ingress-nginx', 'gce')).toBeNull();
    expect(externalController('', 'nginx')).toBeNull();
    expect(externalController('', null)).toBeNull();
  });

  test('an unknown controller is judged by its value alone', () => {
    const tailscale = externalInstance(
      { type: 'unknown', name: 'Tailscale Ingress' },
      'tailscale.com/ts-ingress',
    );
    expect(
      ask(tailscale, named('ts'), { ingressClass: ingressClass('ts', 'tailscale.com/ts-ingress') }).accepts,
    ).toBe('yes');
    expect(ask(tailscale, named('nginx'), { ingressClass: ours }).accepts).toBe('no');
    expect(ask(tailscale, ingress()).accepts).toBe('unknown');
  });
});

describe('data planes', () => {
  const gateway = controller('docker.io/istio/proxyv2:1.28.0', ['proxy', 'router']);
  const istiod = controller('docker.io/istio/pilot:1.28.0');

  test('serve what their control plane takes', () => {
    expect(ask(gateway, annotated('istio'), { workloads: [gateway, istiod] }).accepts).toBe('yes');
    expect(ask(gateway, annotated('nginx'), { workloads: [istiod] }).accepts).toBe('no');
    expect(ask(gateway, annotated('istio'), { workloads: [gateway] }).accepts).toBe('unknown');
  });

  test('what the mesh config decides is unknown', () => {
    expect(ask(istiod, ingress()).accepts).toBe('unknown');
    expect(ask(istiod, annotated('edge')).accepts).toBe('unknown');
    expect(
      ask(istiod, named('i'), { ingressClass: ingressClass('i', 'istio.io/ingress-controller') }).accepts,
    ).toBe('yes');
  });
});
