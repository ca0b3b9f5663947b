import { createServer } from 'node:net';
import { Refusal, say } from './say.mjs';

const DEFAULT_PORT = 3000;

function tryPort(host, port) {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error) => done({ error }));
    server.listen({ host, port, exclusive: true }, () => {
      const taken = server.address().port;
      server.close(() => done({ port: taken }));
    });
  });
}

function wantedPort(text) {
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Refusal(`PORT="${text}" is not a port: a number from 0 (any free one) to 65535.`);
}

/**
 * The port to listen on. `mayMove`: without a PORT of the user's own, take the next free one.
 * @param {{ host: string, mayMove: boolean, env?: Record<string, string | undefined> }} wish
 */
export async function choosePort({ host, mayMove, env = process.env }) {
  const wanted = wantedPort(env.PORT);
  const canMove = mayMove && !env.PORT;
  for (let port = wanted; port <= Math.min(wanted + 50, 65_535); port += 1) {
    const { port: free, error } = await tryPort(host, port);
    if (free !== undefined) {
      if (wanted !== 0 && free !== wanted) say(`Port ${wanted} is in use; taking ${free}.`);
      return free;
    }
    if (error.code === 'EACCES')
      throw new Refusal(`Port ${port} needs more rights: set PORT to 1024 or above.`);
    if (error.code !== 'EADDRINUSE') throw new Refusal(`Cannot listen on HOST=${host}: ${error.message}.`);
    if (!canMove)
      throw new Refusal(`Port ${port} is in use: set PORT to another one (PORT=0 takes any free one).`);
  }
  throw new Refusal(`No free port from ${wanted} on: set PORT.`);
}
