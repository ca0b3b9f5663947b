import { describe, expect, test } from 'vitest';
import type { Ingress } from '@/lib/kube/objects';
import { annotated, ask, controller, ingress, ingressClass } from './testing';

const ours = ingressClass('nginx', 'k8s.io/ingress-nginx');
const foreign = ingressClass('nginx', 'nginx.org/ingress-controller');
const named = (className: string, rest: Partial<Ingress> = {}) => ingress({ className, ...rest });

describe('F5 (SEMANTICS 2.2)', () => {
  const f5 = controller('nginx/nginx-ingress:5.5.4');

  test('the annotation beats the field, and class-less Ingresses are not taken', () => {
    expect(
      ask(f5, annotated('nginx', { className: 'other' }), { ingressClass: ingressClass('other', 'x/y') })
        .accepts,
    ).toBe('yes');
    expect(ask(f5, annotated('other', { className: 'nginx' }), { ingressClass: foreign }).accepts).toBe('no');
    expect(ask(f5, ingress()).accepts).toBe('no');
  });

  test('by class name, whose IngressClass must be its own', () => {
    expect(ask(f5, named('nginx'), { ingressClass: foreign }).accepts).toBe('yes');
    expect(ask(f5, named('nginx'), { ingressClass: ours }).accepts).toBe('no');
    expect(
      ask(f5, named('edge'), { ingressClass: ingressClass('edge', 'nginx.org/ingress-controller') }).accepts,
    ).toBe('no');
  });
});

describe('Traefik (SEMANTICS 2.3)', () => {
  const own = ingressClass('traefik', 'traefik.io/ingress-controller');
  const traefik = controller('traefik:v3.7', ['--providers.kubernetesingress']);

  test('class-less Ingresses are taken by default', () => {
    expect(ask(traefik, ingress()).accepts).toBe('yes');
    expect(ask(traefik, annotated('traefik')).accepts).toBe('yes');
    expect(ask(traefik, annotated('nginx')).accepts).toBe('no');
    expect(ask(traefik, named('traefik'), { ingressClass: own }).accepts).toBe('yes');
  });

  test('a configured class leaves out all others', () => {
    const internal = controller('traefik:v3.7', ['--providers.kubernetesingress.ingressclass=internal']);
    expect(ask(internal, ingress()).accepts).toBe('no');
    expect(ask(internal, named('traefik'), { ingressClass: own }).accepts).toBe('no');
    expect(ask(internal, annotated('internal')).accepts).toBe('yes');
  });

  test('the ingress-nginx provider follows the rules of ingress-nginx', () => {
    const both = controller('traefik:v3.7', [
      '--providers.kubernetesingress',
      '--providers.kubernetesingressnginx',
    ]);
    expect(ask(both, named('nginx'), { ingressClass: ours }).accepts).toBe('yes');
    expect(ask(traefik, named('nginx'), { ingressClass: ours }).accepts).toBe('no');
  });

  test('a label selector shards Ingresses', () => {
    const shard = controller('traefik:v3.7', [
      '--providers.kubernetesingress',
      '--providers.kubernetesingress.labelselector=shard=a',
    ]);
    expect(ask(shard, ingress()).accepts).toBe('no');
    expect(ask(shard, ingress({ labels: { shard: 'a' } })).accepts).toBe('yes');
  });

  test('without its Ingress provider it serves none; with an unreadable file it is unknown', () => {
    expect(ask(controller('traefik:v3.7', ['--providers.kubernetescrd']), ingress()).accepts).toBe('no');
    const hidden = controller('traefik:v3.7', ['--configfile=/etc/traefik.yaml']);
    expect(ask(hidden, ingress()).accepts).toBe('unknown');
    expect(
      ask(hidden, named('x'), { ingressClass: ingressClass('x', 'haproxy.org/ingress-controller') }).accepts,
    ).toBe('no');
  });
});

describe('the HAProxy controllers (SEMANTICS 2.4)', () => {
  const own = ingressClass('haproxy', 'haproxy.org/ingress-controller');
  const tech = controller('haproxytech/kubernetes-ingress:3.1');

  test('haproxytech takes class-less Ingresses unless the default class is another one', () => {
    expect(ask(tech, ingress()).accepts).toBe('yes');
    expect(
      ask(tech, ingress(), { classes: [ingressClass('nginx', 'k8s.io/ingress-nginx', true)] }).accepts,
    ).toBe('no');
    expect(ask(tech, ingress(), { classes: null }).accepts).toBe('unknown');
    expect(ask(tech, annotated('haproxy')).accepts).toBe('no');
    expect(ask(tech, named('haproxy'), { ingressClass: own }).accepts).toBe('yes');
  });

  test('haproxytech with a class', () => {
    const edge = controller('haproxytech/kubernetes-ingress:3.1', [
      '--ingress.class=edge',
      '--namespace-blacklist=lab',
    ]);
    expect(ask(edge, ingress()).accepts).toBe('no');
    expect(ask(edge, annotated('edge')).accepts).toBe('yes');
    expect(ask(edge, annotated('edge', { namespace: 'lab' })).accepts).toBe('no');
    expect(
      ask(edge, named('e'), { ingressClass: ingressClass('e', 'haproxy.org/ingress-controller/edge') })
        .accepts,
    ).toBe('yes');
    expect(ask(edge, named('haproxy'), { ingressClass: own }).accepts).toBe('no');
  });

  test('haproxy-ingress: the annotation wins unless told otherwise', () => {
    const image = 'quay.io/jcmoraisjr/haproxy-ingress:v0.15.0';
    const query = annotated('other', { className: 'haproxy' });
    const ingressClassOwn = ingressClass('haproxy', 'haproxy-ingress.github.io/controller');
    expect(ask(controller(image), query, { ingressClass: ingressClassOwn }).accepts).toBe('no');
    expect(
      ask(controller(image, ['--ingress-class-precedence']), query, { ingressClass: ingressClassOwn })
        .accepts,
    ).toBe('yes');
    expect(ask(controller(image), ingress()).accepts).toBe('no');
  });
});

describe('controllers that match by name', () => {
  test('Contour needs no IngressClass and takes class-less Ingresses', () => {
    const contour = controller('ghcr.io/projectcontour/contour:v1.33.0', ['serve']);
    expect(ask(contour, named('contour'), { ingressClass: 'missing' }).accepts).toBe('yes');
    expect(ask(contour, annotated('other', { className: 'contour' })).accepts).toBe('no');
    expect(ask(contour, ingress()).accepts).toBe('yes');
    const two = controller('ghcr.io/projectcontour/contour:v1.33.0', ['serve', '--ingress-class-name=a,b']);
    expect(ask(two, named('b'), { ingressClass: 'missing' }).accepts).toBe('yes');
    expect(ask(two, ingress()).accepts).toBe('no');
    const custom = controller('ghcr.io/projectcontour/contour:v1.33.0', ['serve', '--contour-config-name=c']);
    expect(ask(custom, named('b')).accepts).toBe('unknown');
  });

  test('Kong by field or annotation, without class when its class is the default', () => {
    const kong = controller('kong/kubernetes-ingress-controller:3.4');
    expect(ask(kong, named('kong')).accepts).toBe('yes');
    expect(ask(kong, annotated('kong')).accepts).toBe('yes');
    expect(ask(kong, annotated('kong', { className: 'other' })).accepts).toBe('unknown');
    expect(ask(kong, ingress()).accepts).toBe('no');
    expect(ask(kong, ingress(), { classes: [ingressClass('kong', 'x', true)] }).accepts).toBe('yes');
  });

  test('Cilium needs its class or its switch to be sure', () => {
    const cilium = controller('quay.io/cilium/operator-generic:v1.18.0');
    const own = ingressClass('cilium', 'cilium.io/ingress-controller');
    expect(ask(cilium, named('cilium'), { ingressClass: own }).accepts).toBe('yes');
    expect(ask(cilium, named('cilium'), { ingressClass: 'unknown', classes: null }).accepts).toBe('unknown');
    expect(ask(cilium, named('nginx'), { ingressClass: ours }).accepts).toBe('no');
    expect(ask(cilium, ingress()).accepts).toBe('no');
  });
});
