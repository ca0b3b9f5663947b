import { describe, expect, it } from 'vitest';
import { ComplaintBook, complaintOf, quoteLine, readLine } from './log-lines';
import { LOG_PATTERNS, patternsOf } from './log-patterns';
import type { ControllerType } from './types';

const NOW = Date.parse('2026-11-23T14:05:00Z');

function read(type: ControllerType, line: string) {
  const found = complaintOf(readLine(line, NOW), patternsOf(type), 'pod-1', NOW);
  return found && [found.pattern, found.object];
}

const KLOG = 'W1123 14:01:58.123456       7 controller.go:1110]';
const NGINX = '2026/11/23 14:01:58 [error] 31#31: *1234';
const TAIL =
  'client: 10.0.0.1, server: shop.example, request: "GET /a HTTP/1.1", upstream: "http://10.0.0.7:8080/a", host: "shop.example"';

describe('lines that controllers write', () => {
  it.each<[ControllerType, string, string, string]>([
    [
      'ingress-nginx',
      `E1123 14:01:58.1 7 controller.go:205] Unexpected failure reloading the backend:`,
      'reload-backend',
      '',
    ],
    [
      'ingress-nginx',
      `${KLOG} Error obtaining Endpoints for Service "ops/admin-ui": no object matching key "ops/admin-ui" in local store`,
      'service-endpoints',
      'ops/admin-ui',
    ],
    [
      'ingress-nginx',
      `${KLOG} Service "shop/gift" does not have any active Endpoint.`,
      'endpoints',
      'shop/gift',
    ],
    [
      'ingress-nginx',
      `${KLOG} Error getting SSL certificate "ops/admin-tls": local SSL certificate ops/admin-tls was not found. Using default certificate`,
      'certificate',
      'ops/admin-tls',
    ],
    [
      'ingress-nginx',
      'I1123 14:01:58.1 7 store.go:431] "Ignoring ingress because of error while validating ingress class" ingress="shop/news" error="no object matching key \\"ngnix\\" in local store"',
      'class',
      'shop/news',
    ],
    [
      'ingress-nginx',
      `${NGINX} connect() failed (111: Connection refused) while connecting to upstream, ${TAIL}`,
      'refused',
      '10.0.0.7:8080',
    ],
    [
      'ingress-nginx',
      `${NGINX} upstream timed out (110: Operation timed out) while connecting to upstream, ${TAIL}`,
      'connect-timeout',
      '10.0.0.7:8080',
    ],
    [
      'ingress-nginx',
      `2026/11/23 14:01:58 [error] 31#31: *1 [lua] certificate.lua:254: call(): certificate not found, falling back to fake certificate for hostname: "admin.example"`,
      'fake-certificate',
      'admin.example',
    ],
    [
      'ingress-nginx',
      'nginx: [emerg] unknown directive "proxy_bufer" in /tmp/nginx/nginx-cfg1:812',
      'emerg',
      '',
    ],
    [
      'traefik',
      'time="2026-11-23T14:01:58Z" level=error msg="Skipping service: no endpoints found" ingress=store namespace=shop',
      'endpoints',
      '',
    ],
    [
      'traefik',
      '2026-11-23T14:01:58Z ERR Cannot create service error="service not found" ingress=store namespace=shop providerName=kubernetes',
      'service',
      'store',
    ],
    [
      'traefik',
      '{"level":"error","error":"secret ops/admin-tls does not exist","time":"2026-11-23T14:01:58Z","message":"x"}',
      'secret',
      'ops/admin-tls',
    ],
    [
      'haproxytech',
      '2026/11/23 14:01:58 ERROR   controller.go:144 [transactionID=x] unable to Sync HAProxy configuration !!',
      'sync',
      '',
    ],
    [
      'contour',
      'time="2026-11-23T14:01:58Z" level=error msg="unresolved secret reference" context=KubernetesCache name=web',
      'secret',
      '',
    ],
    [
      'aws-alb',
      '{"level":"error","ts":"2026-11-23T14:01:58Z","logger":"controller.ingress","msg":"Reconciler error","error":"unable to find port http on service shop/web"}',
      'port',
      '',
    ],
  ])('%s: %s', (type, line, id, object) => {
    const found = read(type, `2026-11-23T14:01:58.123456789Z ${line}`);
    expect(found?.[0]?.split('/')[1]).toBe(id);
    expect(found?.[1]).toBe(object);
  });

  it.each<[ControllerType, string]>([
    [
      'ingress-nginx',
      '10.0.0.1 - - [23/Nov/2026:14:01:58 +0000] "GET /Error%20reloading%20NGINX HTTP/1.1" 404 0 "-" "Error reloading NGINX: Service \\"a/b\\" does not have any active Endpoint"',
    ],
    ['ingress-nginx', `${NGINX} open() "/x/connect" failed (2: No such file), ${TAIL}`],
    [
      'traefik',
      '10.0.0.1 - - [23/Nov/2026:14:01:58 +0000] "GET /secret%20a/b%20does%20not%20exist HTTP/1.1" 404',
    ],
    ['traefik', '{"ClientAddr":"1.2.3.4","RequestPath":"/Cannot create service","level":"info"}'],
    ['cilium', `${KLOG} Service "shop/gift" does not have any active Endpoint.`],
  ])('%s: no complaint: %s', (type, line) => {
    expect(read(type, line)).toBeNull();
  });

  it('cannot be forged by a request that quotes another upstream', () => {
    const forged = TAIL.replace('GET /a', 'GET /upstream: "http://9.9.9.9:1/');
    expect(
      read(
        'ingress-nginx',
        `${NGINX} connect() failed (111: Connection refused) while connecting to upstream, ${forged}`,
      )?.[1],
    ).toBe('10.0.0.7:8080');
  });

  it('are read in time that grows with their length only', () => {
    const hostile = [
      'a/'.repeat(50_000),
      `${KLOG} ${'Service "'.repeat(20_000)}`,
      `${NGINX} ${'upstream: "http://'.repeat(9_000)}`,
    ];
    const began = performance.now();
    for (const line of hostile) for (const { types } of LOG_PATTERNS) read(types[0] as ControllerType, line);
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

describe('times', () => {
  it.each([
    ['2026-11-23T14:01:58.5Z x', 'x'],
    ['I1123 14:01:58.500000 7 main.go:1] x', null],
    ['2026/11/23 14:01:58 [error] x', null],
    ['time="2026-11-23T14:01:58Z" level=error msg=x', null],
    ['{"level":"error","ts":"2026-11-23T14:01:58.000Z","msg":"x"}', null],
    ['[2026-11-23T14:01:58.123Z] "GET / HTTP/1.1" 503 UH', null],
  ])('%s', (line, text) => {
    const found = readLine(line, NOW);
    expect(Math.floor((found.at ?? 0) / 1000)).toBe(Date.parse('2026-11-23T14:01:58Z') / 1000);
    if (text !== null) expect(found.text).toBe(text);
  });

  it('of klog in last December are last year’s, and odd ones none', () => {
    const january = Date.parse('2026-01-02T00:00:00Z');
    expect(new Date(readLine('I1231 23:59:00 7 a.go:1] x', january).at ?? 0).getUTCFullYear()).toBe(2025);
    expect(readLine('nothing', NOW).at).toBeNull();
    expect(readLine('2026-99-99T99:99:99Z x', NOW).at).toBeNull();
  });
});

describe('what is shown of a line', () => {
  it('has no credentials, colours or length', () => {
    expect(quoteLine('GET http://bob:hunter2@x/ Authorization: Bearer abc')).not.toMatch(/hunter2|abc/);
    expect(quoteLine('request: "GET /cb?code=s3cret HTTP/1.1"')).not.toContain('s3cret');
    expect(quoteLine('\u001b[31mred\u001b[0m')).toBe('red');
    expect(quoteLine('x'.repeat(5000))).toHaveLength(300);
  });
});

it('a reload that succeeds ends the complaint of that pod', () => {
  const book = new ComplaintBook(1_000_000, 10);
  const add = (text: string, pod: string, at: number) => {
    const found = complaintOf({ at, text }, patternsOf('ingress-nginx'), pod, at);
    if (found) book.add(found);
  };
  add('E1123 14:01:58.1 7 controller.go:205] Unexpected failure reloading the backend:', 'a', 10);
  add('I1123 14:01:58.1 7 controller.go:224] "Backend successfully reloaded"', 'b', 20);
  expect(book.at(30)).toHaveLength(1);
  add('I1123 14:01:58.1 7 controller.go:224] "Backend successfully reloaded"', 'a', 20);
  expect(book.at(30)).toHaveLength(0);
});

describe('a book of complaints', () => {
  const complaint = (object: string, at: number) => ({
    pattern: 'p',
    object,
    line: `at ${at}`,
    pod: 'a',
    count: 1,
    first: at,
    last: at,
  });

  it('counts by pattern and object, keeps the newest line, and forgets', () => {
    const book = new ComplaintBook(100, 2);
    book.add(complaint('b', 20));
    book.add(complaint('b', 10));
    book.add(complaint('a', 90));
    book.add(complaint('too many', 90));
    expect(book.at(100)).toEqual([complaint('a', 90), { ...complaint('b', 20), count: 2, first: 10 }]);
    expect(book.at(150).map(({ object }) => object)).toEqual(['a']);
  });
});
