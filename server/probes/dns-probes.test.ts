import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DnsFact } from '@/lib/state/facts';
import { type DnsProbes, type DnsProbesOptions, startDnsProbes } from './dns-probes';
import { a, aaaa, cname, type Responder, TestDns, zone } from './testing/dns-server';

vi.setConfig({ testTimeout: 20_000 });
const QUICK = { timeout: 200, tries: 2, again: [50, 200], failedAgain: [40, 60], tick: 5 } as const;
const servers: TestDns[] = [];
const probes: DnsProbes[] = [];

afterEach(() => {
  for (const probe of probes.splice(0)) probe.stop();
  for (const server of servers.splice(0)) server.stop();
});

const dns = async (respond: Responder): Promise<TestDns> => {
  const server = await new TestDns(respond).start();
  servers.push(server);
  return server;
};
const until = async (condition: () => boolean): Promise<void> => {
  const end = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not so: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function go(
  points: readonly TestDns[],
  hosts: readonly string[],
  options: Partial<DnsProbesOptions> = {},
): { log: [string, DnsFact | null][]; probe: DnsProbes; last: (name: string) => DnsFact | null | undefined } {
  const log: [string, DnsFact | null][] = [];
  const probe = startDnsProbes({
    servers: points.map(({ address }) => address),
    timing: QUICK,
    onFact: (name, fact) => log.push([name, fact]),
    ...options,
  });
  probes.push(probe);
  probe.setWanted(hosts);
  return { log, probe, last: (name) => log.findLast(([one]) => one === name)?.[1] };
}

describe('a name', () => {
  it('is resolved to all its addresses, sorted, with the names passed through', async () => {
    const server = await dns(
      zone([
        cname('www.shop.example', 'Edge.cdn.example'),
        cname('Edge.cdn.example', 'e1.cdn.example', 30),
        a('e1.cdn.example', '192.0.2.9'),
        a('e1.cdn.example', '192.0.2.10', 20),
        aaaa('e1.cdn.example', '2001:db8::1'),
      ]),
    );
    server.respond = (
      (inner) => (name, type, transport) =>
        inner(name === 'edge.cdn.example' ? 'Edge.cdn.example' : name, type, transport)
    )(server.respond);
    const { last } = go([server], ['WWW.shop.example.']);
    await until(() => last('www.shop.example') !== undefined);
    expect(last('www.shop.example')?.answers).toMatchObject([
      {
        server: server.address,
        outcome: 'ok',
        a: ['192.0.2.10', '192.0.2.9'],
        aaaa: ['2001:db8::1'],
        cnames: ['edge.cdn.example', 'e1.cdn.example'],
        ttl: 20,
      },
    ]);
  });

  it('is followed past a server that hands out the CNAME alone', async () => {
    const server = await dns(
      zone([cname('www.shop.example', 'lb.example'), a('lb.example', '192.0.2.1')], false),
    );
    const { last } = go([server], ['www.shop.example']);
    await until(() => last('www.shop.example') !== undefined);
    expect(last('www.shop.example')?.answers[0]).toMatchObject({
      outcome: 'ok',
      a: ['192.0.2.1'],
      cnames: ['lb.example'],
    });
  });

  it('that points at itself in a circle ends as an error', async () => {
    const server = await dns(zone([cname('a.example', 'b.example'), cname('b.example', 'a.example')], false));
    const { last } = go([server], ['a.example']);
    await until(() => last('a.example') !== undefined);
    expect(last('a.example')?.answers[0]).toMatchObject({ outcome: 'error', a: [], cnames: ['b.example'] });
  });

  it('with a longer chain than eight ends as an error', async () => {
    const chain = Array.from({ length: 12 }, (_, i) => cname(`n${i}.example`, `n${i + 1}.example`));
    const server = await dns(zone(chain, false));
    const { last } = go([server], ['n0.example']);
    await until(() => last('n0.example') !== undefined);
    expect(last('n0.example')?.answers[0]?.cnames).toHaveLength(8);
    expect(last('n0.example')?.answers[0]?.outcome).toBe('error');
  });

  it('that does not fit into a datagram is asked for over TCP', async () => {
    const server = await dns((name, type, transport) =>
      transport === 'udp' ? { truncate: true } : zone([a('big.example', '192.0.2.1')])(name, type, transport),
    );
    const { last } = go([server], ['big.example']);
    await until(() => last('big.example') !== undefined);
    expect(last('big.example')?.answers[0]).toMatchObject({ outcome: 'ok', a: ['192.0.2.1'] });
    expect(server.asked.some((question) => question.endsWith('tcp'))).toBe(true);
  });

  it('is never completed with a search domain', async () => {
    const server = await dns(() => ({ rcode: 3 }));
    const { last } = go([server], ['shop']);
    await until(() => last('shop') !== undefined);
    expect(new Set(server.asked.map((question) => question.split(' ')[1]))).toEqual(new Set(['shop']));
  });
});

describe('outcomes', () => {
  it.each([
    ['nxdomain', () => ({ rcode: 3 })],
    ['nodata', () => ({})],
    ['servfail', () => ({ rcode: 2 })],
    ['refused', () => ({ rcode: 5 })],
    ['timeout', () => ({ drop: true })],
    ['timeout', (_: string, type: string) => (type === 'A' ? {} : { drop: true })],
  ] as [string, Responder][])('%s is told', async (outcome, respond) => {
    const { last } = go([await dns(respond)], ['x.example']);
    await until(() => last('x.example') !== undefined);
    expect(last('x.example')?.answers[0]).toMatchObject({ outcome, a: [], aaaa: [] });
  });

  it('a server that is not there is an error or a timeout, not a missing name', async () => {
    const server = await new TestDns(() => ({})).start();
    server.stop();
    const { last } = go([server], ['x.example']);
    await until(() => last('x.example') !== undefined);
    expect(['error', 'timeout']).toContain(last('x.example')?.answers[0]?.outcome);
  });

  it('an address family that times out once has not lost its addresses', async () => {
    const records = zone([a('x.example', '192.0.2.1'), aaaa('x.example', '2001:db8::1')]);
    const server = await dns(records);
    const { log } = go([server], ['x.example'], { timing: { ...QUICK, again: [30, 40] } });
    await until(() => log.length === 1);
    server.respond = (name, type, transport) =>
      type === 'AAAA' ? { drop: true } : records(name, type, transport);
    const before = server.asked.length;
    await until(() => server.asked.length > before + 4);
    expect(log).toHaveLength(1);
    await until(() => log.length === 2);
    expect(log[1]?.[1]?.answers[0]).toMatchObject({ outcome: 'ok', aaaa: [] });
  });
});

describe('points of view', () => {
  it('keep their own answers, in the order of the settings', async () => {
    const inside = await dns(zone([a('x.example', '10.0.0.1')]));
    const outside = await dns(() => ({ rcode: 3 }));
    const { last, probe } = go([inside, outside], ['x.example']);
    await until(() => last('x.example') !== undefined);
    expect(probe.servers).toEqual([inside.address, outside.address]);
    expect(last('x.example')?.answers.map(({ server, outcome }) => [server, outcome])).toEqual([
      [inside.address, 'ok'],
      [outside.address, 'nxdomain'],
    ]);
  });

  it('are told together, even if one is slow', async () => {
    const { log } = go(
      [await dns(zone([a('x.example', '10.0.0.1')])), await dns(() => ({ drop: true }))],
      ['x.example'],
    );
    await until(() => log.length > 0);
    expect(log[0]?.[1]?.answers.map(({ outcome }) => outcome)).toEqual(['ok', 'timeout']);
  });
});

describe('asking again', () => {
  it('tells only what changes in substance: not the TTL, not the order of addresses', async () => {
    let ttl = 60;
    let flip = false;
    const server = await dns((name, type) => {
      ttl -= 1;
      flip = !flip;
      const both = [a(name, '192.0.2.1', ttl), a(name, '192.0.2.2', ttl)];
      return type === 'A' ? { answers: flip ? both : both.reverse() } : {};
    });
    const { log } = go([server], ['x.example'], { timing: { ...QUICK, again: [20, 30] } });
    await until(() => server.asked.length > 12);
    expect(log).toHaveLength(1);
    server.respond = zone([a('x.example', '192.0.2.3')]);
    await until(() => log.length === 2);
    expect(log[1]?.[1]?.answers[0]?.a).toEqual(['192.0.2.3']);
  });

  it('waits for the TTL within its bounds, and asks failing names sooner', async () => {
    const server = await dns(
      zone([a('long.example', '192.0.2.1', 3600), a('short.example', '192.0.2.1', 0)]),
    );
    go([server], ['long.example', 'short.example', 'none.example'], {
      timing: { ...QUICK, again: [100, 60_000], failedAgain: [50, 60] },
    });
    await pause(700);
    const asked = (name: string): number =>
      server.asked.filter((question) => question.startsWith(`A ${name}`)).length;
    expect(asked('long.example')).toBe(1);
    expect(asked('short.example')).toBeGreaterThan(2);
    expect(asked('short.example')).toBeLessThanOrEqual(8);
    expect(asked('none.example')).toBeGreaterThan(asked('short.example'));
  });

  it('forgets a name that is not wanted any more', async () => {
    const server = await dns(zone([a('x.example', '192.0.2.1'), a('y.example', '192.0.2.2')]));
    const { log, probe, last } = go([server], ['x.example', 'y.example']);
    await until(() => log.length === 2);
    probe.setWanted(['y.example']);
    expect(last('x.example')).toBeNull();
    const before = server.asked.length;
    await pause(300);
    expect(server.asked.slice(before).some((question) => question.includes('x.example'))).toBe(false);
  });

  it('stops for good', async () => {
    const server = await dns(() => ({ drop: true }));
    const { log, probe } = go([server], ['x.example']);
    await until(() => server.asked.length > 0);
    probe.stop();
    await pause(50);
    const before = server.asked.length;
    await pause(250);
    expect(server.asked.length).toBe(before);
    expect(log).toHaveLength(0);
  });
});

describe('what is not asked', () => {
  it.each([
    '',
    '*',
    '*.example.com',
    'localhost',
    'shop.localhost',
    '192.0.2.1',
    '2001:db8::1',
    '[::1]',
    'a b.example',
    'a\u0000.example',
    `${'x'.repeat(64)}.example`,
    'ä.example',
    '-.example',
  ])('%j', async (host) => {
    const server = await dns(() => ({}));
    const { last } = go([server], [host, 'sound.example']);
    await until(() => last('sound.example') !== undefined);
    expect(new Set(server.asked.map((question) => question.split(' ')[1]))).toEqual(
      new Set(['sound.example']),
    );
  });
});

describe('a crowd of names', () => {
  it('does not wait for a server that answers none of them, and hears of it when it is back', async () => {
    const names = Array.from({ length: 150 }, (_, i) => `n${i}.example`);
    const records = names.map((name) => a(name, '192.0.2.1'));
    const dead = await dns(() => ({ drop: true }));
    const { log, last } = go([await dns(zone(records)), dead], names);
    await until(() => log.length === 150);
    expect(dead.asked.length).toBeLessThan(100);
    dead.respond = zone(records);
    await until(() => names.every((name) => last(name)?.answers[1]?.outcome === 'ok'));
  });

  it('is asked by at most sixteen queries at once, and each gets its turn', async () => {
    const names = Array.from({ length: 120 }, (_, i) => `n${i}.example`);
    const server = await dns((name, type) => (type === 'A' ? { answers: [a(name, '192.0.2.1', 1)] } : {}));
    const { log } = go([server], names, { timing: { ...QUICK, again: [10, 20] } });
    await until(() => log.length === 120);
  });
});
