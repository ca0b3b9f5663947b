import 'server-only';
import { Worker } from 'node:worker_threads';

/**
 * Starts the recorder's thread. The bundler sees this very form and brings the worker's file into the build; where the
 * sources run as they are (tests, benches), the thread needs what resolves them.
 */
export function spawnWorker(): Worker {
  return new Worker(new URL('./worker/main.ts', import.meta.url), {
    name: 'recorder',
    ...(process.env.NEXT_RUNTIME ? {} : { execArgv: ['--conditions=react-server', '--import', 'tsx'] }),
  });
}
