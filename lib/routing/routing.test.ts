import { describe, expect, it } from 'vitest';
import { type Dialect, dialectOf } from './dialect';
import { hostMatches } from './hosts';
import { precedes, type RoutedRule, tieWords, traefikRule } from './order';
import { pathMatches, usesRegex } from './paths';
import { captureGroups, openEnded, regexError, regexMatches } from './regex';

const nginx = dialectOf('ingress-nginx');

/** The table of the Ingress documentation (SEMANTICS 1.1). */
const OFFICIAL: readonly (readonly [string, string, string, boolean])[] = [
  ['Prefix', '/', '/anything/at/all', true],
  ['Exact', '/foo', '/foo', true],
  ['Exact', '/foo', '/bar', false],
  ['Exact', '/foo', '/foo/', false],
  ['Exact', '/foo/', '/foo', false],
  ['Prefix', '/foo', '/foo', true],
  ['Prefix', '/foo', '/foo/', true],
  ['Prefix', '/foo/', '/foo', true],
  ['Prefix', '/foo/', '/foo/', true],
  ['Prefix', '/aaa/bb', '/aaa/bbb', false],
  ['Prefix', '/aaa/bbb', '/aaa/bbb', true],
  ['Prefix', '/aaa/bbb/', '/aaa/bbb', true],
  ['Prefix', '/aaa/bbb', '/aaa/bbb/', true],
  ['Prefix', '/aaa/bbb', '/aaa/bbb/ccc', true],
  ['Prefix', '/aaa/bbb', '/aaa/bbbxyz', false],
  ['Prefix', '/aaa', '/ccc', false],
  ['Prefix', '/Foo', '/foo', false],
];

describe('paths', () => {
  it.each(OFFICIAL)('%s %s takes %s: %s', (pathType, path, request, wanted) => {
    expect(pathMatches({ pathType, path }, request, nginx)).toBe(wanted);
  });

  const FREE: readonly (readonly [Dialect['type'], string, string, boolean | 'unknown'])[] = [
    ['ingress-nginx', '/foo', '/foobar', false],
    ['f5-nginx', '/foo', '/foobar', true],
    ['traefik', '/foo', '/foobar', true],
    ['haproxytech', '/foo/', '/foo', true],
    ['haproxy-ingress', '/foo', '/FOObar', true],
    ['contour', '/foo', '/foobar', true],
    ['contour', '/f[o]+$', '/foo', true],
    ['gce', '/foo', '/foo/bar', false],
    ['gce', '/foo/*', '/foo/bar', true],
    ['gce', '/foo/*', '/foo', 'unknown'],
    ['gce', '', '/any', true],
    ['aws-alb', '/img/*.png', '/img/a.png', true],
    ['aws-alb', '/img/?.png', '/img/ab.png', false],
    ['istio', '/foo', '/foo/bar', false],
    ['istio', '/foo/*', '/foo/bar', true],
    ['kong', '/~/foo/\\d+', '/foo/12', true],
    ['agic', '/foo', '/foo/bar', false],
    ['agic', '/foo*', '/foobar', true],
    ['cilium', '/foo.*', '/foobar', true],
    ['unknown', '/foo', '/foo', 'unknown'],
  ];
  it.each(FREE)('ImplementationSpecific on %s: %s takes %s: %s', (type, path, request, wanted) => {
    expect(pathMatches({ pathType: 'ImplementationSpecific', path }, request, dialectOf(type))).toBe(wanted);
  });

  it('Prefix by text where the controller compares text, and unknown where that is not verified', () => {
    const rule = { pathType: 'Prefix', path: '/foo' };
    expect(pathMatches(rule, '/foobar', dialectOf('traefik'))).toBe(true);
    expect(pathMatches(rule, '/foobar', dialectOf('traefik', true))).toBe(false);
    expect(pathMatches(rule, '/foobar', dialectOf('traefik', 'unknown'))).toBe('unknown');
    expect(pathMatches(rule, '/foobar', dialectOf('cilium'))).toBe('unknown');
    expect(pathMatches(rule, '/foo/bar', dialectOf('cilium'))).toBe(true);
  });

  it('in regex mode every path is an expression without case, Exact too', () => {
    expect(pathMatches({ pathType: 'Exact', path: '/foo' }, '/FOO/bar', nginx, true)).toBe(true);
    expect(usesRegex({ 'nginx.ingress.kubernetes.io/use-regex': 'true' })).toBe(true);
    expect(usesRegex({ 'nginx.ingress.kubernetes.io/rewrite-target': '/$1' })).toBe(true);
    const canary = { 'nginx.ingress.kubernetes.io/canary': 'true' };
    expect(usesRegex({ ...canary, 'nginx.ingress.kubernetes.io/use-regex': 'true' })).toBe(false);
  });
});

describe('regular expressions', () => {
  it('says why one does not compile, and nothing where it cannot tell', () => {
    expect(regexError('/foo(/|$)(.*)', 'pcre')).toBeNull();
    expect(regexError('/foo(.*', 'pcre')).toMatch(/Unterminated group/);
    expect(regexError('/(?i)foo', 'pcre')).toBeNull();
    expect(regexError('/foo(?!bar)', 'pcre')).toBeNull();
    expect(regexError('/foo(?!bar)', 're2')).toMatch(/RE2/);
  });

  it('counts groups that capture', () => {
    expect(captureGroups('/foo(/|$)(.*)')).toBe(2);
    expect(captureGroups('/(?:a|b)\\([(](?<name>x)')).toBe(1);
  });

  it('does not try what may take for ever', () => {
    expect(regexMatches('/(a+)+$', '/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', false)).toBe('unknown');
  });

  it('finds what an open-ended expression begins with', () => {
    expect(openEnded('/foo(/|$)(.*)')).toEqual({ literal: '/foo', whole: true });
    expect(openEnded('/(.*)')).toEqual({ literal: '/', whole: false });
    expect(openEnded('/foo.+')).toBeNull();
    expect(openEnded('/foo')).toBeNull();
    expect(openEnded('/[a-z]+(.*)')).toBeNull();
  });
});

describe('hosts', () => {
  it.each([
    ['*.foo.com', 'bar.foo.com', true],
    ['*.foo.com', 'baz.bar.foo.com', false],
    ['*.foo.com', 'foo.com', false],
    ['foo.com', 'FOO.com:8080', true],
    ['foo.com', 'foo.com.', true],
    ['', 'any.example', true],
  ])('%s takes %s: %s', (pattern, host, wanted) => {
    expect(hostMatches(pattern, host)).toBe(wanted);
  });

  it('covers several labels where the controller compares suffixes', () => {
    expect(hostMatches('*.foo.com', 'baz.bar.foo.com', 'any-depth')).toBe(true);
    expect(hostMatches('*.foo.com', 'foo.com', 'any-depth')).toBe(false);
  });
});

function rule(part: Partial<RoutedRule>): RoutedRule {
  return {
    host: 'www.example.com',
    path: '/foo',
    pathType: 'Prefix',
    namespace: 'shop',
    name: 'store',
    uid: 'u1',
    created: 1000,
    annotations: {},
    block: 0,
    position: 0,
    ...part,
  };
}

describe('order', () => {
  const young = rule({ name: 'young', created: 5000, uid: 'u9' });

  it('ingress-nginx: oldest first; of one second the last name', () => {
    expect(precedes(rule({}), young, nginx)).toBe('first');
    expect(precedes(rule({ name: 'a' }), rule({ name: 'b', created: 1500 }), nginx)).toBe('second');
    expect(precedes(rule({ created: null }), young, nginx)).toBe('undefined');
    expect(precedes(rule({ pathType: 'ImplementationSpecific', created: 9000 }), young, nginx)).toBe(
      'second',
    );
  });

  it('ingress-nginx: Exact, then the longer path; by length alone in regex mode', () => {
    const exact = rule({ pathType: 'Exact' });
    const wide = rule({ path: '/f(.*)' });
    expect(precedes(rule({ path: '/foo/bar' }), exact, nginx)).toBe('second');
    expect(precedes(rule({ path: '/foo/bar' }), rule({}), nginx)).toBe('first');
    expect(precedes(exact, wide, nginx, true)).toBe('second');
  });

  it('Traefik: the longer rule text, so that Prefix beats Exact; a priority overrules it', () => {
    const traefik = dialectOf('traefik');
    expect(traefikRule(rule({}))).toBe('Host("www.example.com") && PathPrefix("/foo")');
    expect(precedes(rule({ pathType: 'Exact' }), rule({}), traefik)).toBe('second');
    expect(precedes(rule({}), young, traefik)).toBe('undefined');
    const first = { 'traefik.ingress.kubernetes.io/router.priority': '500' };
    expect(precedes(rule({ annotations: first }), young, traefik)).toBe('first');
  });

  it('ALB: order of the group, then of names, then of writing', () => {
    const alb = dialectOf('aws-alb');
    const late = { 'alb.ingress.kubernetes.io/group.order': '10' };
    expect(precedes(rule({ annotations: late }), young, alb)).toBe('second');
    expect(precedes(rule({ path: '/' }), rule({ name: 'zoo', path: '/foo' }), alb)).toBe('first');
    expect(precedes(rule({ path: '/' }), rule({ path: '/foo', position: 1 }), alb)).toBe('second');
    expect(precedes(rule({ path: '/', block: 0 }), rule({ path: '/foo', block: 1 }), alb)).toBe('first');
  });

  it('GCE: the last one written wins; Ingresses never meet', () => {
    const gce = dialectOf('gce');
    expect(precedes(rule({}), rule({ position: 1 }), gce)).toBe('second');
    expect(precedes(rule({}), young, gce)).toBe('undefined');
  });

  it('F5: the host belongs to the oldest, of one second to the larger UID', () => {
    const f5 = dialectOf('f5-nginx');
    expect(precedes(rule({ path: '/' }), rule({ ...young, path: '/foo/bar' }), f5)).toBe('first');
    expect(precedes(rule({}), rule({ name: 'b', uid: 'u2' }), f5)).toBe('second');
  });

  it('says so where no order is defined', () => {
    for (const type of ['contour', 'kong', 'cilium', 'agic', 'unknown', 'haproxytech'] as const)
      expect(precedes(rule({}), young, dialectOf(type))).toBe('undefined');
    expect(tieWords(dialectOf('contour'))).toMatch(/no order/);
  });
});
