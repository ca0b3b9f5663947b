/** Entry of the SharedWorker that holds the browser's one connection. */
import { Hub } from './hub';
import type { ToHub } from './protocol';
import { STREAM_PATH } from './stream-path';

// The DOM library's types are those of a page; a shared worker's scope has this one event more.
const scope = globalThis as unknown as {
  onconnect: ((event: { readonly ports: readonly MessagePort[] }) => void) | null;
};

const hub = new Hub(STREAM_PATH);

scope.onconnect = ({ ports }) => {
  const port = ports[0];
  if (!port) return;
  let tab = '';
  port.onmessage = (event: MessageEvent<ToHub>) => {
    tab = event.data.tab;
    hub.receive(event.data, (message) => port.postMessage(message));
  };
  // A tab that crashed says no goodbye; browsers that know this event tell us.
  port.addEventListener('close', () => hub.receive({ type: 'close', tab }, () => undefined));
};
