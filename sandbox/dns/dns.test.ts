import { Resolver } from 'node:dns/promises';
import { connect } from 'node:net';
import * as packet from 'dns-packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DnsBook, recordFault } from './records';
import { resolveQuestion } from './resolve';
import { type DnsServer, startDnsServer } from './server';

const book = new DnsBook([
  {
    name: 'example.com',
    records: [
      { name: 'a.example.com', values: ['192.0.2.1', '192.0.2.2'], ttl: 30 },
      { name: 'six.example.com', values: ['2001:db8::1'] },
      { name: 'alias.example.com', values: ['a.example.com'] },
      { name: '*.apps.example.com', values: ['192.0.2.9'] },
      { name: 'lb.example.com', target: { service: 'shop/lb' } },
      { name: 'broken.example.com', answer: 'SERVFAIL' },
      { name: 'silent.example.com', answer: 'TIMEOUT' },
      { name: 'split.example.com', values: ['10.0.0.1'], server: 1 },
      { name: 'split.example.com', values: ['192.0.2.7'], server: 2 },
      { name: 'many.example.com', values: Array.from({ length: 60 }, (_, index) => `192.0.2.${index + 1}`) },
    ],
  },
]);
const lookups = { target: () => ['203.0.113.10'], host: () => undefined };
let servers: DnsServer[];

beforeEach(async () => {
  servers = await Promise.all(
    [1, 2].map((view) => startDnsServer((question) => resolveQuestion(book, question, view, lookups))),
  );
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
});

function resolver(view = 1): Resolver {
  const result = new Resolver({ timeout: 300, tries: 1 });
  result.setServers([servers[view - 1]?.address ?? '']);
  return result;
}
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'NOERROR',
    (error: NodeJS.ErrnoException) => error.code ?? '?',
  );

describe('the DNS servers', () => {
  it('answer A with its TTL, AAAA, CNAME chains, wildcards and targets to a real resolver', async () => {
    expect(await resolver().resolve4('a.example.com', { ttl: true })).toContainEqual({
      address: '192.0.2.1',
      ttl: 30,
    });
    expect(await resolver().resolve6('six.example.com')).toEqual(['2001:db8::1']);
    expect(await resolver().resolveCname('alias.example.com')).toEqual(['a.example.com']);
    expect(await resolver().resolve4('alias.example.com')).toHaveLength(2);
    expect(await resolver().resolve4('x.y.apps.example.com')).toEqual(['192.0.2.9']);
    expect(await resolver().resolve4('LB.example.com')).toEqual(['203.0.113.10']);
  });

  it('tell NXDOMAIN, NODATA, SERVFAIL, REFUSED and silence apart', async () => {
    expect(await codeOf(resolver().resolve4('no.example.com'))).toBe('ENOTFOUND');
    expect(await codeOf(resolver().resolve4('six.example.com'))).toBe('ENODATA');
    expect(await codeOf(resolver().resolve4('apps.example.com'))).toBe('ENODATA');
    expect(await codeOf(resolver().resolve4('broken.example.com'))).toBe('ESERVFAIL');
    expect(await codeOf(resolver().resolve4('elsewhere.org'))).toBe('EREFUSED');
    expect(await codeOf(resolver().resolve4('silent.example.com'))).toBe('ETIMEOUT');
  });

  it('are two points of view', async () => {
    expect(await resolver(1).resolve4('split.example.com')).toEqual(['10.0.0.1']);
    expect(await resolver(2).resolve4('split.example.com')).toEqual(['192.0.2.7']);
  });

  it('truncate a long answer over UDP, which the client then fetches over TCP', async () => {
    expect(await resolver().resolve4('many.example.com')).toHaveLength(60);
  });

  it('answer raw packets over TCP, several on one connection', async () => {
    const query = packet.streamEncode({
      type: 'query',
      id: 7,
      flags: packet.RECURSION_DESIRED,
      questions: [{ type: 'A', name: 'a.example.com' }],
    });
    const socket = connect(servers[0]?.port ?? 0, '127.0.0.1');
    socket.write(Buffer.concat([query, query]));
    let bytes = Buffer.alloc(0);
    for await (const chunk of socket) {
      bytes = Buffer.concat([bytes, chunk as Buffer]);
      if (bytes.length > 2 && bytes.length >= 2 * (bytes.readUInt16BE(0) + 2)) break;
    }
    const reply = packet.streamDecode(bytes.subarray(0, bytes.readUInt16BE(0) + 2));
    expect(reply).toMatchObject({
      id: 7,
      rcode: 'NOERROR',
      answers: [{ data: '192.0.2.1' }, { data: '192.0.2.2' }],
    });
  });

  it('take changes of one server or both, and give them back', async () => {
    book.put('a.example.com', [{ name: 'a.example.com', values: ['198.51.100.7'] }], 2);
    expect(await resolver(1).resolve4('a.example.com')).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(await resolver(2).resolve4('a.example.com')).toEqual(['198.51.100.7']);
    book.restore('a.example.com');
    expect(await resolver(2).resolve4('a.example.com')).toHaveLength(2);
    expect(book.isChanged('a.example.com')).toBe(false);
  });
});

describe('recordFault', () => {
  it.each([
    [{ name: 'a b', values: [] }, /not a DNS name/],
    [{ name: 'a.b' }, /exactly one/],
    [{ name: 'a.b', answer: 'BOOM' }, /one of NXDOMAIN/],
    [{ name: 'a.b', values: ['1.2.3.4'], server: 3 }, /1 or 2/],
  ])('says what is wrong with %j', (record, expected) => {
    expect(recordFault(record)).toMatch(expected);
  });
});
