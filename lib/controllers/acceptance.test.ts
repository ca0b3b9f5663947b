import { describe, expect, test } from 'vitest';
import type { Ingress } from '@/lib/kube/objects';
import { externalInstance } from './external';
import { externalController, recogniseWorkload } from './registry';
import { annotated, ask, container, controller, ingress, ingressClass, namespace, workload } from './testing';

const NGINX = 'registry.k8s.io/ingress-nginx/controller:v1.15.1';
const ours = ingressClass('nginx', 'k8s.io/ingress-nginx');
const foreign = ingressClass('nginx', 'nginx.org/ingress-controller');
const named = (className: string, rest: Partial<Ingress> = {}) => ingress({ className, ...rest });

describe('ingress-nginx (SEMANTICS 2.1)', () => {
  const nginx = controller(NGINX);

  test('by the IngressClass that the field names', () => {
    expect(ask(nginx, named('nginx'), { ingressClass: ours }).accepts).toBe('yes');
    expect(ask(nginx, named('nginx'), { ingressClass: foreign })).toEqual({
      accepts: 'no',
      reason:
        'IngressClass nginx belongs to nginx.org/ingress-controller, this controller claims k8s.io/ingress-nginx',
    });
    expect(ask(nginx, named('ngnix'), { ingressClass: 'missing' })).toEqual({
      accepts: 'no',
      reason: 'IngressClass ngnix does not exist',
    });
    expect(ask(nginx, named('nginx'), { ingressClass: 'unknown' }).accepts).toBe('unknown');
  });

  test('the field beats the annotation', () => {
    expect(ask(nginx, annotated('other', { className: 'nginx' }), { ingressClass: ours }).accepts).toBe(
      'yes',
    );
    expect(
      ask(nginx, annotated('nginx', { className: 'other' }), { ingressClass: ingressClass('other', 'x/y') })
        .accepts,
    ).toBe('no');
  });

  test('the annotation needs no IngressClass', () => {
    expect(ask(nginx, annotated('nginx'), { classes: null }).accepts).toBe('yes');
    expect(ask(nginx, annotated('edge')).accepts).toBe('no');
  });

  test('without class only when told so; a default class does not help old objects', () => {
    expect(
      ask(nginx, ingress(), { classes: [ingressClass('nginx', 'k8s.io/ingress-nginx', true)] }).accepts,
    ).toBe('no');
    expect(ask(controller(NGINX, ['--watch-ingress-without-class']), ingress()).accepts).toBe('yes');
  });

  test('by class name beside the controller value', () => {
    const byName = controller(NGINX, ['--ingress-class-by-name', '--ingress-class=edge']);
    expect(ask(byName, named('edge'), { ingressClass: ingressClass('edge', 'corp/x') }).accepts).toBe('yes');
    expect(ask(byName, named('edge'), { ingressClass: 'missing' }).accepts).toBe('no');
    expect(ask(byName, named('other'), { ingressClass: ingressClass('other', 'corp/x') }).accepts).toBe('no');
  });

  test('only in the watched namespaces', () => {
    const one = controller(NGINX, ['--watch-namespace=$(NS)'], {
      env: { NS: 'fieldRef:metadata.namespace' },
    });
    expect(ask(one, named('nginx', { namespace: 'ingress' }), { ingressClass: ours }).accepts).toBe('yes');
    expect(ask(one, named('nginx'), { ingressClass: ours })).toEqual({
      accepts: 'no',
      reason: 'it watches only namespace ingress, not shop',
    });
  });

  test('only in namespaces that its selector matches', () => {
    const selecting = controller(NGINX, ['--watch-namespace-selector=edge=true']);
    const query = named('nginx');
    expect(
      ask(selecting, query, { ingressClass: ours, namespace: namespace('shop', { edge: 'true' }) }).accepts,
    ).toBe('yes');
    expect(ask(selecting, query, { ingressClass: ours }).accepts).toBe('no');
    expect(ask(selecting, query, { ingressClass: ours, namespace: null }).accepts).toBe('unknown');
  });

  test('--disable-catch-all drops what has a default backend', () => {
    const strict = controller(NGINX, ['--disable-catch-all']);
    const defaultBackend = { type: 'service', name: 'web', port: 80 } as const;
    expect(ask(strict, named('nginx', { defaultBackend, rules: [] }), { ingressClass: ours }).accepts).toBe(
      'no',
    );
    expect(
      ask(strict, named('nginx', { rules: [{ host: '', paths: [] }] }), { ingressClass: ours }).accepts,
    ).toBe('unknown');
    expect(ask(strict, named('nginx'), { ingressClass: ours }).accepts).toBe('yes');
    expect(ask(nginx, named('nginx', { defaultBackend, rules: [] }), { ingressClass: ours }).accepts).toBe(
      'yes',
    );
  });

  test('a flag that cannot be read makes it unknown, but a certain refusal stays', () => {
    const hidden = controller(NGINX, ['--controller-class=$(C)', '--watch-namespace=$(N)']);
    expect(ask(hidden, named('nginx'), { ingressClass: ours }).accepts).toBe('unknown');
    expect(ask(hidden, named('nginx'), { ingressClass: 'missing' }).accepts).toBe('no');
  });

  test('a guess from labels never says yes', () => {
    const templateLabels = { 'app.kubernetes.io/name': 'ingress-nginx' };
    const guess = recogniseWorkload(workload([container('corp/edge:1')], { templateLabels }));
    expect(guess && ask(guess, named('nginx'), { ingressClass: ours }).accepts).toBe('unknown');
    expect(guess && ask(guess, annotated('other')).accepts).toBe('no');
  });

  test('before 1.0 it serves none of these Ingresses', () => {
    const old = controller('quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.21.0');
    for (const query of [named('nginx'), annotated('nginx'), ingress()]) {
      expect(ask(old, query, { ingressClass: ours })).toEqual({
        accepts: 'no',
        reason: 'ingress-nginx 0.21.0 knows no networking.k8s.io/v1: it serves none of these Ingresses',
      });
    }
  });
});

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
