import 'server-only';
import { parentPort, workerData } from 'node:worker_threads';
import type { ToWorker, WorkerOptions } from '@/server/recorder/messages';
import { Service } from './service';

/** What the recorder's thread runs. */
const service = new Service(workerData as WorkerOptions, (message) => parentPort?.postMessage(message));
parentPort?.on('message', (message: ToWorker) => service.handle(message));
