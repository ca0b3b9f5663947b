import 'server-only';
import { parentPort } from 'node:worker_threads';
import { Lister } from './lister';
import type { ToListThread } from './messages';

/** What the thread of lists runs. */
const lister = new Lister((message) => parentPort?.postMessage(message));

parentPort?.on('message', (message: ToListThread) => lister.told(message));
