import { expect, test } from 'vitest';
import { problem } from './problem';
import { requestIdOf, withRequestId } from './request-id';
import { routeName } from './route-name';

test.each(['req-12345678', '4bf92f3577b34da6a3ce929d0e0e4736', 'Root=1-67891233-abcdef012345678912345678'])(
  'an id of a proxy in front is kept: %s',
  (id) => expect(requestIdOf(new Headers({ 'x-request-id': id }))).toBe(id),
);

test.each([
  '',
  'short',
  'a b c d e f',
  '<script>alert(1)</script>',
  '"},{"level":50',
  'x'.repeat(129),
  'é'.repeat(9),
])('what is no id is replaced: %j', (id) => {
  const made = requestIdOf(new Headers({ 'x-request-id': id }));
  expect(made).toMatch(/^[0-9a-f-]{36}$/);
  expect(requestIdOf(new Headers({ 'x-request-id': id }))).not.toBe(made);
});

test('an answer carries it, and an error in its body too', async () => {
  const fine = await withRequestId(new Response('text', { status: 201 }), 'req-12345678');
  expect([fine.status, fine.headers.get('x-request-id'), await fine.text()]).toEqual([
    201,
    'req-12345678',
    'text',
  ]);
  const wrong = problem({ status: 429, title: 'T', detail: 'd', headers: { 'Retry-After': '3' } });
  const told = await withRequestId(wrong, 'req-12345678');
  expect(told.headers.get('retry-after')).toBe('3');
  expect(await told.json()).toEqual({
    type: 'about:blank',
    title: 'T',
    status: 429,
    detail: 'd',
    requestId: 'req-12345678',
  });
});

test.each([
  ['/api/v1/topology', 'topology'],
  ['/api/v1/snapshots/0123456789abcdefghijkl/image.png', 'snapshots'],
  ['/api/v1/objects/core/v1/services/secret-project/x', 'objects'],
  ['/api/v1/secret-project', 'other'],
  ['/api/v2/topology', 'other'],
  ['/api/v1/__proto__', 'other'],
  ['/metrics', 'metrics'],
  ['/secret-project', 'other'],
  ['/', 'other'],
])('a route is named without what it names: %s', (path, name) => expect(routeName(path)).toBe(name));
