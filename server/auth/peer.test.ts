import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Peers } from './peer';

const HEADER = 'x-ingress-atlas-peer';
let server: Server;
let peers: Peers;
let seen: Headers;

/** Sends a request from an address of this machine; keeps what a handler sees of it. */
async function sent(from: string, headers: Readonly<Record<string, string>> = {}): Promise<Headers> {
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve, reject) => {
    request({ port, host: '127.0.0.1', localAddress: from, headers, agent: false }, (response) => {
      response.resume().on('end', resolve);
    })
      .on('error', reject)
      .end();
  });
  return seen;
}

beforeEach(async () => {
  server = createServer((message, response) => {
    seen = new Headers(message.headers as Record<string, string>);
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  peers = new Peers(['127.0.0.2', '127.1.0.0/16', '2001:db8::/32']);
  peers.start();
});

afterEach(async () => {
  peers.stop();
  await new Promise((done) => server.close(done));
});

describe('the address that a request comes from', () => {
  it('is the socket’s, whatever the request says', async () => {
    const forged = {
      [HEADER]: 'x 127.0.0.2',
      'x-forwarded-for': '127.0.0.2',
      forwarded: 'for=127.0.0.2',
      'x-real-ip': '127.0.0.2',
    };
    expect(peers.of(await sent('127.0.0.3', forged))).toBe('127.0.0.3');
    expect(peers.isTrusted(seen)).toBe(false);
    expect(peers.isTrusted(await sent('127.0.0.2'))).toBe(true);
    expect(peers.isTrusted(await sent('127.1.2.3'))).toBe(true);
    expect(peers.isTrusted(await sent('127.2.0.1'))).toBe(false);
  });

  it('is not known, and not trusted, where it was not taken down', async () => {
    const stamped = (await sent('127.0.0.2')).get(HEADER) ?? '';
    peers.stop();
    const headers = await sent('127.0.0.3', { [HEADER]: 'guess 127.0.0.2' });
    expect([peers.of(headers), peers.isTrusted(headers)]).toEqual(['', false]);
    // Another process' stamp is worth nothing here.
    expect(new Peers(['127.0.0.2']).isTrusted(new Headers({ [HEADER]: stamped }))).toBe(false);
    expect(peers.isTrusted(new Headers({ [HEADER]: stamped }))).toBe(true);
  });

  it('is taken down anew for each request of one connection', async () => {
    const { port } = server.address() as AddressInfo;
    for (let i = 0; i < 3; i += 1) {
      await (await fetch(`http://127.0.0.1:${port}/`, { headers: { [HEADER]: `${i}` } })).arrayBuffer();
      expect(peers.of(seen)).toBe('127.0.0.1');
    }
  });
});

describe('this machine itself', () => {
  it('is who comes from 127.0.0.1 and names nobody else', async () => {
    expect(peers.isOwnMachine(await sent('127.0.0.1'))).toBe(true);
    // As Next writes it where nobody is named.
    expect(peers.isOwnMachine(await sent('127.0.0.1', { 'x-forwarded-for': '::ffff:127.0.0.1' }))).toBe(true);
    expect(peers.isOwnMachine(new Headers())).toBe(true);
  });

  it.each([
    ['127.0.0.6', {}],
    ['127.0.0.3', { 'x-forwarded-for': '127.0.0.1' }],
    ['127.0.0.3', { [HEADER]: 'x 127.0.0.1' }],
    ['127.0.0.1', { 'x-forwarded-for': '127.0.0.1, 203.0.113.9' }],
    ['127.0.0.1', { 'x-forwarded-for': 'unknown' }],
    ['127.0.0.1', { 'x-forwarded-for': '' }],
    ['127.0.0.1', { 'x-forwarded-for': ',' }],
  ])('is not who comes from %s with %j', async (from, headers) => {
    expect(peers.isOwnMachine(await sent(from, headers))).toBe(false);
  });
});

describe('who asks, for limits', () => {
  const way = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7, 127.1.0.9' };

  it('is the last address before the trusted proxies', async () => {
    expect(peers.callerOf(await sent('127.0.0.2', way))).toBe('198.51.100.7');
    expect(peers.callerOf(await sent('127.0.0.2'))).toBe('127.0.0.2');
    expect(peers.callerOf(await sent('127.0.0.2', { 'x-forwarded-for': 'nonsense' }))).toBe('127.0.0.2');
  });

  it('is the peer where that is no trusted proxy', async () => {
    expect(peers.callerOf(await sent('127.0.0.3', way))).toBe('127.0.0.3');
  });

  it('is one for a whole network of IPv6', async () => {
    const one = peers.callerOf(await sent('127.0.0.2', { 'x-forwarded-for': '2a00:1:2:3:aaaa::1' }));
    expect(peers.callerOf(await sent('127.0.0.2', { 'x-forwarded-for': '2a00:1:2:3::2' }))).toBe(one);
    expect(peers.callerOf(await sent('127.0.0.2', { 'x-forwarded-for': '2a00:1:2:4::2' }))).not.toBe(one);
  });
});
