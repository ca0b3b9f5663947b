/* What an operator relies on, with the server as it is shipped. */
import { expect, test } from './support/test';

test('a stop tells every stream goodbye, whoever else is connected, and ends', async ({ atlas }) => {
  const { dashboard } = await atlas({ scenario: 'online-store' });
  const answers = await Promise.all(Array.from({ length: 5 }, () => fetch(`${dashboard.url}/api/v1/stream`)));
  const texts = answers.map((answer) => answer.text());
  await expect.poll(() => dashboard.metric('atlas_stream_clients')).toBe(5);
  await dashboard.stop();
  for (const text of await Promise.all(texts)) {
    expect(text).toContain('event: snapshot');
    expect(text).toMatch(/event: bye\ndata: \{"reason":"the dashboard is stopping"\}/);
  }
});

test('an answer can be found in the log by its request id, and the log does not say what was asked for', async ({
  atlas,
}) => {
  const { dashboard } = await atlas({ scenario: 'online-store', env: { LOG_LEVEL: 'debug' } });
  const headers = { 'x-request-id': 'trace-0123456789abcdef', origin: 'https://evil.example' };
  const refused = await fetch(`${dashboard.url}/api/v1/marks/a-finding-of-somebody`, {
    method: 'DELETE',
    headers,
  });
  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-request-id')).toBe('trace-0123456789abcdef');
  expect(await refused.json()).toMatchObject({ requestId: 'trace-0123456789abcdef', status: 403 });
  const read = await fetch(`${dashboard.url}/api/v1/objects/core/v1/services/shop/wear-service`);
  expect(read.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  await expect.poll(() => dashboard.log).toContain('"route":"objects"');
  const lines = dashboard.log.split('\n').filter((line) => line.includes('"msg":"answered"'));
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(told).toContainEqual(
    expect.objectContaining({
      requestId: 'trace-0123456789abcdef',
      method: 'DELETE',
      route: 'marks',
      status: 403,
    }),
  );
  expect(lines.join('\n')).not.toMatch(/wear-service|a-finding-of-somebody|evil/);
});

test('metrics count who asked and how it went', async ({ incident }) => {
  await fetch(`${incident.url}/api/v1/topology`);
  await fetch(`${incident.url}/api/v1/topology?status=nonsense`);
  const metrics = async () => await (await fetch(`${incident.url}/metrics`)).text();
  // As soon as the cluster has been read and its hosts resolved.
  await expect.poll(metrics).toMatch(/^atlas_hosts\{status="broken"\} [1-9]/m);
  await expect.poll(metrics).toMatch(/^atlas_dns_lookup_milliseconds_count\{outcome="ok"\} [1-9]/m);
  const text = await metrics();
  expect(text).toMatch(/^atlas_http_requests_total\{route="topology",method="GET",status="400"\} [1-9]/m);
  expect(text).toMatch(/^atlas_check_run_milliseconds_count [1-9]/m);
});
