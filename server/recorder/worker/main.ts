import 'server-only';
import { parentPort } from 'node:worker_threads';
import type { ToThread } from '@/server/recorder/messages';
import { Service } from './service';

/** What the recorder's thread runs: a service for each cluster. They share what is open of the database. */
const services = new Map<number, Service>();

parentPort?.on('message', (envelope: ToThread) => {
  const { channel } = envelope;
  if ('open' in envelope) {
    const post: ConstructorParameters<typeof Service>[1] = (message) => {
      parentPort?.postMessage({ channel, message });
      if (message.type === 'stopped') services.delete(channel);
    };
    services.set(channel, new Service(envelope.open, post));
  } else services.get(channel)?.handle(envelope.message);
});
