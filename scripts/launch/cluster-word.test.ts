import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { clusterWord, tellCluster } from './cluster-word.mjs';
import { worthTelling } from './early.mjs';

let server: Server | undefined;
afterEach(() => server?.close());

/** A dashboard whose /readyz gives these clusters, one after the other and the last one again and again. */
async function dashboard(...clusters: readonly object[]): Promise<string> {
  let asked = 0;
  const made = createServer((_, response) => {
    const cluster = clusters[Math.min(asked++, clusters.length - 1)];
    response.end(JSON.stringify({ status: 'ready', cluster, synced: false }));
  });
  server = made;
  await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  const address = made.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

async function told(url: string, within: number): Promise<readonly string[]> {
  const lines: string[] = [];
  await tellCluster(url, { within, tell: (line: string) => void lines.push(line) });
  return lines;
}

const UNREACHABLE = { connection: 'unreachable', reason: 'connect ECONNREFUSED 10.0.0.1:6443.' };

describe('a start on a cluster', () => {
  test('that cannot be reached says so, once and in one line', async () => {
    expect(await told(await dashboard(UNREACHABLE), 300)).toEqual([
      'The cluster cannot be reached: connect ECONNREFUSED 10.0.0.1:6443. The page says so too, and heals by itself.',
    ]);
  });

  test('that comes while we look says nothing', async () => {
    const url = await dashboard({ connection: 'connecting' }, UNREACHABLE, { connection: 'live' });
    expect(await told(url, 3000)).toEqual([]);
  });

  test('says nothing of it where the dashboard itself is gone', async () => {
    expect(await told('http://127.0.0.1:1', 300)).toEqual([]);
  });

  test.each([
    [{ connection: 'unauthorized', reason: 'Unauthorized' }, /^The cluster refuses the credentials: Unauth/],
    [{ connection: 'stale', reason: 'timeout' }, /^The cluster has stopped answering: timeout\. /],
    [{ connection: 'connecting' }, /^The cluster has not answered yet\. /],
    [{}, /^The cluster has not answered yet\. /],
  ])('%j has words of its own', (cluster, words) => {
    expect(clusterWord(cluster)).toMatch(words);
  });
});

test('of what a dashboard logs before it is ready, warnings and what is no log line are told', () => {
  const line = (level: number) => JSON.stringify({ level, msg: 'x' });
  const lines = [line(30), line(40), '(node:1) Warning: old', line(20), '', line(50), '{"level":40,"ms'];
  expect(worthTelling(lines.join('\n'))).toBe(
    `${line(40)}\n(node:1) Warning: old\n${line(50)}\n{"level":40,"ms`,
  );
  expect(worthTelling(`${line(30)}\n`)).toBe('');
});
