import 'server-only';
import type { HttpContext } from '@/server/http/context';

type Streams = HttpContext['streams'];

/** Told to clients whose rights or session end: they come again, and are asked again who they are. */
export const RIGHTS_CHANGED = 'what you may see has changed, or your session has ended';

/** Streams that end with the rights for which they were opened. `hasRoom`: whether one more client is taken. */
export function restrictedStreams(
  streams: Streams,
  until: AbortSignal | undefined,
  hasRoom: () => boolean = () => true,
): Streams {
  return {
    get clients() {
      return streams.clients;
    },
    get allClients() {
      return streams.allClients;
    },
    connect: (views, position, signal, ended) => {
      if (!hasRoom()) return null;
      const connection = streams.connect(views, position, signal, ended);
      if (!connection || !until) return connection;
      const end = () => connection.bye(RIGHTS_CHANGED);
      if (until.aborted) end();
      else {
        until.addEventListener('abort', end, { once: true });
        signal.addEventListener('abort', () => until.removeEventListener('abort', end), { once: true });
      }
      return connection;
    },
  };
}
