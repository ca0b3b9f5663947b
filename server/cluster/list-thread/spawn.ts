import 'server-only';
import { Worker } from 'node:worker_threads';

/** Starts the thread that reads lists: in this form, since the bundler looks for it (see the recorder's). */
export function spawnListWorker(): Worker {
  return new Worker(new URL('./main.ts', import.meta.url), {
    name: 'lists',
    ...(process.env.NEXT_RUNTIME ? {} : { execArgv: ['--conditions=react-server', '--import', 'tsx'] }),
  });
}
