import { expect, test } from 'vitest';
import type { Ingress, Labels } from '@/lib/kube/objects';
import { REDACTED } from '@/lib/kube/project/secrecy';
import { annotationFacts } from './annotation-facts';

const NGINX = 'nginx.ingress.kubernetes.io';
const of = (annotations: Labels) => annotationFacts({ annotations } as Ingress).annotations;

test('configuration as it is, in order, without what tools write for themselves', () => {
  expect(
    of({
      [`${NGINX}/rewrite-target`]: '/$2',
      [`${NGINX}/auth-secret`]: 'shop/basic',
      'argocd.argoproj.io/tracking-id': 'x',
      'kubectl.kubernetes.io/restartedAt': 'now',
      'meta.helm.sh/release-name': 'shop',
      'ingress.kubernetes.io/backends': '{"k8s":"HEALTHY"}',
      'ingress.kubernetes.io/ssl-redirect': 'true',
    }),
  ).toEqual({
    'ingress.kubernetes.io/ssl-redirect': 'true',
    [`${NGINX}/auth-secret`]: 'shop/basic',
    [`${NGINX}/rewrite-target`]: '/$2',
  });
  expect(of({ 'kubectl.kubernetes.io/x': 'y' })).toBeUndefined();
});

test('nothing that could be a credential, and no long text', () => {
  const told = of({
    [`${NGINX}/auth-token`]: 'hunter2',
    [`${NGINX}/configuration-snippet`]: 'more_set_headers "X: hunter2";',
    [`${NGINX}/auth-url`]: 'https://user:hunter2@login.example/check',
    [`${NGINX}/server-alias`]: 'x'.repeat(500),
  });
  expect(JSON.stringify(told)).not.toContain('hunter2');
  expect(told?.[`${NGINX}/auth-token`]).toBe(REDACTED);
  expect(told?.[`${NGINX}/server-alias`]).toMatch(/^500 characters, fingerprint [0-9a-f]{8}$/);
});

test('a long text that changes is seen to change', () => {
  const name = `${NGINX}/server-snippet`;
  expect(of({ [name]: 'a' })?.[name]).not.toBe(of({ [name]: 'b' })?.[name]);
});

test('names from hostile objects stay plain data', () => {
  const annotations = JSON.parse('{"__proto__x":"1","constructor":"2"}') as Labels;
  expect(of(annotations)).toEqual({ __proto__x: '1', constructor: '2' });
});
