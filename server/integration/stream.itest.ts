import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Topology } from '@/lib/topology/model';
import { type TopologyState, toTopology } from '@/lib/wire/reduce';
import { parsePosition } from '@/lib/wire/views';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { type Call, caller, change, seeded } from '@/server/testing/cluster-changes';
import { type OpenStream, openStream, until } from '@/server/testing/open-stream';
import { serveWhole, type WholeServer } from '@/server/testing/whole-server';

/** Name of a view → its filters. */
const VIEWS: Readonly<Record<string, string>> = {
  all: '',
  namespace: 'namespace=shop',
  broken: 'status=broken&status=degraded',
  text: 'q=wear',
  host: 'host=www.my-online-store.com&host=new.example',
  focus: 'focus=service%3Ashop%2Fwear-service',
  small: 'budget=14',
  everything: 'scope=all',
};

let sandbox: Sandbox;
let call: Call;
let server: WholeServer;

const streamUrl = (more = ''): string => {
  const views = Object.entries(VIEWS).map(([name, filters]) => ['view', `${name}:${filters}`]);
  return `${server.url}/api/v1/stream?${new URLSearchParams(views)}${more}`;
};
const start = (): Promise<WholeServer> =>
  serveWhole({
    NODE_ENV: 'test',
    KUBECONFIG: sandbox.kubeconfig,
    ATLAS_DNS_SERVERS: sandbox.dns.join(','),
    ATLAS_SECRETS: 'watch',
    LOG_LEVEL: 'silent',
  });
const topology = async (filters: string): Promise<Topology> =>
  (await (await fetch(`${server.url}/api/v1/topology?${filters}`)).json()) as Topology;

/** A stream whose views have all had their snapshot. */
async function connected(more = '', headers: Readonly<Record<string, string>> = {}): Promise<OpenStream> {
  const stream = await openStream(streamUrl(more), headers);
  await until('every view has a snapshot', () => stream.client.states.size === Object.keys(VIEWS).length);
  return stream;
}

const sortedById = <T extends { readonly id: string }>(items: readonly T[]): readonly T[] =>
  [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
const substance = ({ epoch, summary, nodes, edges, findings, coverage }: Topology): unknown => ({
  epoch,
  summary,
  coverage,
  nodes: sortedById(nodes),
  edges: sortedById(edges),
  findings: sortedById(findings),
});

/** What the client had at a version: a view that did not change then was told nothing. */
function stateAt(states: readonly TopologyState[] | undefined, version: number): TopologyState | undefined {
  return states?.findLast((state) => state.version <= version);
}

/** An event's id says that all views are there. */
const versionOf = (id: string): number => parsePosition(id)?.version ?? -1;

/** Every view as the client has put it together equals what the API answers, at the API's version. */
async function expectEqual({ client, history }: OpenStream): Promise<void> {
  for (const [view, filters] of Object.entries(VIEWS)) {
    const answer = await topology(filters);
    await until('every view has come to that version', () => versionOf(client.lastId) >= answer.version);
    const state = stateAt(history.get(view), answer.version);
    expect(state && substance(toTopology(state)), `view ${view} at version ${answer.version}`).toEqual(
      substance(answer),
    );
  }
}

async function changeMuch(random: (below: number) => number, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    await change(call, random);
    // Sometimes several in one publish, sometimes one alone.
    if (random(3) === 0) await new Promise((resolve) => setTimeout(resolve, random(80)));
  }
}

beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'online-store-incident', speed: 50 });
  call = caller(sandbox.url);
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  server = await start();
  await until('the cluster is read', () => server.runtime.hub.synced);
});
afterEach(() => server.close());

describe('the stream over a socket', () => {
  it.each([1, 20_261_123])('is what the API answers while the cluster changes (seed %i)', async (seed) => {
    const random = seeded(seed);
    const stream = await connected();
    for (let round = 0; round < 5; round += 1) {
      await changeMuch(random, 20);
      await expectEqual(stream);
    }
    expect(stream.client.resyncs).toEqual([]);
    const { events } = stream.client;
    expect(events.filter(({ name }) => name === 'delta').length).toBeGreaterThan(20);
    await stream.close();
  });

  it.each(['Last-Event-ID', 'since'])('is resumed by %s without a second snapshot', async (way) => {
    const first = await connected();
    await until('a place to resume from', () => first.client.lastId !== '');
    const { lastId, states } = first.client;
    await first.close();
    await changeMuch(seeded(7), 10);

    const second = await openStream(
      streamUrl(way === 'since' ? `&since=${lastId}` : ''),
      way === 'since' ? {} : { 'Last-Event-ID': lastId },
      states,
    );
    const { client } = second;
    await expectEqual(second);
    expect(client.count('snapshot')).toBe(0);
    expect(client.count('delta')).toBeGreaterThan(0);
    expect(client.resyncs).toEqual([]);
    await second.close();
  });

  it.each([
    ['another process', () => 'other.1'],
    ['a version that is too long ago', () => `${server.runtime.hub.head.epoch}.0`],
    ['a version that is yet to come', () => `${server.runtime.hub.head.epoch}.999999`],
    ['nonsense', () => 'nonsense'],
  ])('begins with snapshots for a place of %s', async (_, place) => {
    const stream = await connected(`&since=${encodeURIComponent(place())}`);
    await expectEqual(stream);
    await stream.close();
  });

  it('a restart is a new epoch, and whoever comes back gets snapshots', async () => {
    const first = await connected();
    await until('a place to resume from', () => first.client.lastId !== '');
    const { lastId } = first.client;
    const { epoch } = server.runtime.hub.head;
    await server.close();
    await until('the goodbye is read', () => first.client.events.at(-1)?.name === 'bye');
    await first.close();
    server = await start();
    await until('the cluster is read', () => server.runtime.hub.synced);
    expect(server.runtime.hub.head.epoch).not.toBe(epoch);
    const second = await connected('', { 'Last-Event-ID': lastId });
    await expectEqual(second);
    await second.close();
  });
});
