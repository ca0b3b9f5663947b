/* Sockets that speak HTTP badly, to a dashboard on this machine. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Opens a socket; its errors are its end. */
export async function open(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => socket.destroy());
  return socket;
}

/** Sends what it is given and gives all that comes back until the other side ends it. */
export async function exchange(url: string, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  const socket = await open(url);
  let got = '';
  socket.on('data', (chunk: Buffer) => {
    got += chunk.toString('latin1');
  });
  const closed = ended(socket);
  for (const piece of pieces) {
    if (socket.destroyed) break;
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), closed]);
  }
  await closed;
  return got;
}

/** Resolves when the socket is closed. */
export function ended(socket: Socket): Promise<void> {
  socket.resume();
  return new Promise((done) => {
    if (socket.destroyed) done();
    else socket.once('close', () => done());
    socket.once('end', () => socket.destroy());
  });
}

/** `GET` of a path as it stands, which no library would send; the connection ends with the answer. */
export function rawGet(url: string, path: string, ...headers: readonly string[]): Promise<string> {
  const lines = [`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...headers];
  return exchange(url, `${lines.join('\r\n')}\r\n\r\n`);
}

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
