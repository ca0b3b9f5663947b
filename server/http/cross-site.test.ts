import { expect, test } from 'vitest';
import { refuseCrossSite, refuseUnlessOwnJson } from './cross-site';

const request = (headers: Record<string, string>) =>
  new Request('http://atlas/api/v1/snapshots', { method: 'POST', headers });
const passes = (headers: Record<string, string>, publicUrl = '') =>
  refuseCrossSite(request(headers), { publicUrl }) === null;

test.each([
  ['no browser', {}, true],
  [
    'the page itself',
    { origin: 'http://localhost:3000', host: 'localhost:3000', 'sec-fetch-site': 'same-origin' },
    true,
  ],
  ['another port', { origin: 'http://localhost:4000', host: 'localhost:3000' }, false],
  ['another site', { origin: 'https://evil.example', host: 'localhost:3000' }, false],
  ['a sandboxed frame', { origin: 'null', host: 'localhost:3000' }, false],
  ['an origin with a path', { origin: 'http://localhost:3000/x', host: 'localhost:3000' }, false],
  ['a sister domain', { host: 'localhost:3000', 'sec-fetch-site': 'same-site' }, false],
  ['a typed address', { host: 'localhost:3000', 'sec-fetch-site': 'none' }, false],
])('without a public URL, from %s', (_, headers, expected) => {
  expect(passes(headers)).toBe(expected);
});

test.each([
  ['its public name', { origin: 'https://atlas.example', host: 'atlas.example' }, true],
  ['its public name behind a proxy', { origin: 'https://atlas.example', host: '10.0.0.7:3000' }, true],
  ['a forwarded port', { origin: 'http://localhost:8080', host: 'localhost:8080' }, true],
  ['a name that was made to resolve here', { origin: 'http://evil.example', host: 'evil.example' }, false],
  ['its public name without TLS', { origin: 'http://atlas.example', host: 'atlas.example' }, false],
])('with a public URL, from %s', (_, headers, expected) => {
  expect(passes(headers, 'https://atlas.example')).toBe(expected);
});

test.each([
  ['application/json', null],
  ['Application/JSON; charset=utf-8', null],
  ['text/plain', 415],
  ['application/jsonx', 415],
  ['multipart/form-data; boundary=application/json', 415],
])('a body of %s', (type, status) => {
  expect(refuseUnlessOwnJson(request({ 'content-type': type }), { publicUrl: '' })?.status ?? null).toBe(
    status,
  );
});
