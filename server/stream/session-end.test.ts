import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseFilters } from '@/lib/wire/filters';
import { FakeEngine, testHub } from '@/server/testing/fake-engine';
import { StreamClient } from '@/server/testing/stream-client';
import type { TopologyHub } from '@/server/topology-hub';
import { StreamServer } from './stream-server';

let hub: TopologyHub;
let streams: StreamServer;

beforeEach(() => {
  hub = testHub(new FakeEngine());
  streams = new StreamServer({ hub, onError: (error) => expect(error).toBeNull() });
});
afterEach(() => {
  streams.stop('end');
  hub.stop();
});

function connect(ended: AbortSignal, signal = new AbortController().signal) {
  const filters = parseFilters(new URLSearchParams());
  if (!filters.ok) throw new Error('no filters');
  return streams.connect([{ name: 'main', filters: filters.value }], null, signal, ended);
}

test('a stream says why it ends when its reader has to say again who they are', async () => {
  const session = new AbortController();
  const client = new StreamClient();
  const reading = connect(session.signal);
  const read = reading && client.read(reading.body);
  session.abort('you have signed out');
  await read;
  expect(client.events.at(-1)).toMatchObject({ name: 'bye', data: '{"reason":"you have signed out"}' });
  expect(streams.clients).toBe(0);
});

test('a session that is over begins no stream', async () => {
  const client = new StreamClient();
  const reading = connect(AbortSignal.abort('you have signed out'));
  if (reading) await client.read(reading.body);
  expect(client.events.map(({ name }) => name)).toEqual(['bye']);
  expect(streams.clients).toBe(0);
});

test('nothing is kept of streams that have ended, however long the session lasts', () => {
  const session = new AbortController();
  const gone = AbortSignal.abort();
  for (let i = 0; i < 50; i += 1) {
    const line = new AbortController();
    connect(session.signal, i % 2 === 0 ? line.signal : gone);
    line.abort();
  }
  expect(streams.clients).toBe(0);
  expect(getEventListeners(session.signal, 'abort')).toHaveLength(0);
});
