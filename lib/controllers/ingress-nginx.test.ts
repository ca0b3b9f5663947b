import { describe, expect, test } from 'vitest';
import type { Ingress } from '@/lib/kube/objects';
import { recogniseWorkload } from './registry';
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
