import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { applyLimits, HTTP_LIMITS, type HttpLimits, limitServers } from './http-limits';

const LIMITS: HttpLimits = { headers: 200, request: 400, keepAlive: 200, connections: 50 };

let server: Server | undefined;
afterEach(() => server?.close().closeAllConnections());

async function listen(listener: RequestListener, limits: HttpLimits | null): Promise<Server> {
  // Node looks for what takes too long every half minute; here more often.
  server = createServer({ connectionsCheckingInterval: 20 }, listener);
  if (limits) applyLimits(server, limits);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function open(to: Server): Promise<Socket> {
  const socket = connect((to.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function textUntilEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  if (!socket.closed) await once(socket, 'close');
  return text;
}

const ok: RequestListener = (_, response) => void response.end('ok');

test('who says nothing is closed', async () => {
  const socket = await open(await listen(ok, LIMITS));
  expect(await textUntilEnd(socket)).toContain('408');
});

test('who sends the head or the body byte by byte is closed', async () => {
  const to = await listen((request, response) => {
    request.resume().on('end', () => response.end('ok'));
  }, LIMITS);
  const starts = [
    'GET / HTTP/1.1\r\nHost: x\r\nX: ',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n',
  ];
  const sockets = await Promise.all(starts.map(() => open(to)));
  for (const [index, socket] of sockets.entries()) socket.write(starts[index] ?? '');
  const drip = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write('x');
  }, 20);
  const answers = await Promise.all(sockets.map(textUntilEnd));
  clearInterval(drip);
  expect(answers.map((answer) => answer.slice(0, 12))).toEqual(['HTTP/1.1 408', 'HTTP/1.1 408']);
});

test('an idle connection is closed after an answer', async () => {
  const socket = await open(await listen(ok, LIMITS));
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await textUntilEnd(socket)).toMatch(/^HTTP\/1\.1 200 [\s\S]*ok/);
});

test('an answer that takes longer than all limits is not cut', async () => {
  const to = await listen((_, response) => {
    response.write('a');
    setTimeout(() => response.end('z'), 3 * LIMITS.request);
  }, LIMITS);
  const socket = await open(to);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(await textUntilEnd(socket)).toContain('z');
});

test('more connections than are allowed are closed at once, the others stay', async () => {
  const to = await listen(ok, { ...LIMITS, headers: 60_000, request: 60_000 });
  const first = await Promise.all(Array.from({ length: LIMITS.connections }, () => open(to)));
  const late = await open(to);
  expect(await textUntilEnd(late)).toBe('');
  expect(first.filter((socket) => socket.destroyed)).toEqual([]);
  for (const socket of first) socket.destroy();
});

test('a server that nobody gave us is limited from its first request on, whose address is mended', async () => {
  limitServers();
  const to = await listen((request, response) => void response.end(request.url), null);
  expect(to.maxConnections).not.toBe(HTTP_LIMITS.connections);
  const socket = await open(to);
  socket.write('GET /api/% HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(await textUntilEnd(socket)).toContain('/api/%25');
  expect(to).toMatchObject({
    headersTimeout: HTTP_LIMITS.headers,
    requestTimeout: HTTP_LIMITS.request,
    keepAliveTimeout: HTTP_LIMITS.keepAlive,
    maxConnections: HTTP_LIMITS.connections,
  });
});
