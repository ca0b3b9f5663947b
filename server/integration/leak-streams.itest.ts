import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identityOf, leakIn, TENANTS, topologyIn, type Viewer } from '@/server/testing/leak-matrix';
import { type OpenStream, openStream, until } from '@/server/testing/open-stream';
import { MARKS, type Mark } from '@/server/testing/tenants';
import { startTwoTenants, type TwoTenants } from '@/server/testing/two-tenants';

const VIEWS = ['scope=all', '', 'budget=5', 'host=shared.example'];
const ROUNDS = 6;

let world: TwoTenants;
const streams: (readonly [Viewer, OpenStream])[] = [];

/** Both tenants change all that can be changed; the controller that they share goes down and comes back. */
async function changeAll(round: number): Promise<void> {
  for (const mark of MARKS) await changeTenant(mark, round);
  const controller = '/apis/apps/v1/namespaces/ingress-nginx/deployments/ingress-nginx-controller';
  await world.call('PATCH', controller, { spec: { replicas: round % 2 } });
  // Several versions, not one that has it all.
  await new Promise((resolve) => setTimeout(resolve, 500));
}

async function changeTenant(mark: Mark, round: number): Promise<void> {
  const { call } = world;
  const namespace = `${mark}-ns`;
  const odd = round % 2 === 1;
  const services = `/api/v1/namespaces/${namespace}/services`;
  const port = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${mark}-port`, namespace },
    spec: { selector: { app: `${mark}-web` }, ports: [{ name: `q-${mark}`, port: 80, targetPort: 8080 }] },
  };
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  await call('PATCH', `${deployments}/${mark}-web`, { spec: { replicas: round % 3 } });
  await call('PATCH', `${services}/${mark}-typo`, {
    spec: { selector: { app: `${mark}-${odd ? 'web' : 'nobody'}` } },
  });
  await call('PATCH', `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/${mark}-shared`, {
    spec: { ingressClassName: odd ? 'nginx' : `${mark}-absent` },
  });
  if (odd) await call('POST', services, port);
  else await call('DELETE', `${services}/${mark}-port`);
}

beforeAll(async () => {
  world = await startTwoTenants();
  const query = VIEWS.map((filters, index) => `view=v${index}:${encodeURIComponent(filters)}`).join('&');
  for (const viewer of TENANTS) {
    streams.push([viewer, await openStream(`${world.url}/api/v1/stream?${query}`, identityOf(viewer))]);
  }
  for (let round = 0; round < ROUNDS; round++) await changeAll(round);
}, 120_000);

afterAll(async () => {
  const events = streams.reduce((sum, [, { client }]) => sum + client.events.length, 0);
  process.stdout.write(
    `leak streams: ${events} events of ${streams.length} streams with ${VIEWS.length} views each\n`,
  );
  for (const [, stream] of streams) await stream.close();
  await world.close();
});

describe.each(TENANTS)('the stream of $name', (viewer) => {
  const stream = () => {
    const found = streams.find(([{ name }]) => name === viewer.name)?.[1];
    if (!found) throw new Error(`no stream of ${viewer.name}`);
    return found;
  };

  it('tells nothing of others, whatever they do', () => {
    const { client } = stream();
    expect(client.events.length).toBeGreaterThan(VIEWS.length - 1);
    for (const { name, id, data } of client.events) expect(leakIn(`${id} ${data}`, viewer), name).toBe('');
  });

  it('ends with what a request is answered', async () => {
    expect(stream().client.resyncs).toEqual([]);
    await until('the stream has the topology as it is', async () => {
      const now = topologyIn(await world.matrix.check(viewer, { path: '/api/v1/topology?scope=all' }));
      const state = stream().client.states.get('v0');
      const key = (items: Iterable<{ readonly id: string }>) =>
        JSON.stringify(
          [...items].map((item) => [item.id, item]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
        );
      return (
        state !== undefined &&
        key(state.nodes.values()) === key(now.nodes) &&
        key(state.edges.values()) === key(now.edges) &&
        key(state.findings.values()) === key(now.findings) &&
        JSON.stringify(state.summary) === JSON.stringify(now.summary)
      );
    });
  });

  it('is kept as it was told', async () => {
    const history = await world.matrix.check(viewer, { path: '/api/v1/history' });
    const { events } = JSON.parse(history.bytes.toString('utf8')) as { readonly events: readonly unknown[] };
    if (viewer.hidden.length === 1) expect(events.length).toBeGreaterThan(5);
    const [at, from] = [1500, 3000].map((ms) => new Date(Date.now() - ms).toISOString());
    await world.matrix.check(viewer, { path: `/api/v1/topology?at=${at}` });
    await world.matrix.check(viewer, { path: `/api/v1/diff?from=${from}` });
  });
});

describe('what one changes', () => {
  it.each(TENANTS.slice(0, 2))('is told to $name, whose it is', ({ name, hidden }) => {
    const own = MARKS.find((mark) => !hidden.includes(mark));
    const deltas =
      streams
        .find(([viewer]) => viewer.name === name)?.[1]
        .client.events.filter((event) => event.name === 'delta') ?? [];
    expect(deltas.length).toBeGreaterThan(5);
    expect(deltas.some(({ data }) => data.includes(`${own}-web`))).toBe(true);
  });

  it('is named in no line of the log', () => {
    expect(world.server.log).toContain('cluster sandbox');
    expect(leakIn(world.server.log, { name: 'the log', namespaces: null, hidden: MARKS })).toBe('');
  });
});
