/** Reaches the browser's one connection: a SharedWorker, else the tab that holds a lock, else this tab's own. */
import type { ToHub, ToTab } from './protocol';
import { STREAM_PATH } from './stream-path';

export interface Transport {
  /** Wants a view; replaces what this tab wanted before. */
  open(filters: string): void;
  close(): void;
}

const LOCK = 'ingress-atlas-stream';

/** Connects this tab. Messages arrive until `close`; one that was under way then is dropped, or it would undo newer ones. */
export function connect(receive: (message: ToTab) => void): Transport {
  const tab = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  let closed = false;
  const take = (message: ToTab) => {
    if (!closed) receive(message);
  };
  const transport = viaWorker(tab, take) ?? viaLeader(tab, take) ?? viaItself(tab, take);
  return {
    open: (...views) => transport.open(...views),
    close: () => {
      closed = true;
      transport.close();
    },
  };
}

function viaWorker(tab: string, receive: (message: ToTab) => void): Transport | null {
  if (typeof SharedWorker === 'undefined') return null;
  const worker = new SharedWorker(new URL('./shared-worker.ts', import.meta.url), {
    name: 'ingress-atlas',
    type: 'module',
  });
  const post = (message: ToHub) => worker.port.postMessage(message);
  let fallback: Transport | null = null;
  let wanted = '';
  // A policy or an old browser may refuse the script: then this tab connects by itself.
  worker.onerror = () => {
    fallback ??= viaLeader(tab, receive) ?? viaItself(tab, receive);
    fallback.open(wanted);
  };
  worker.port.onmessage = (event: MessageEvent<ToTab>) => receive(event.data);
  return {
    open: (filters) => {
      wanted = filters;
      if (fallback) fallback.open(filters);
      else post({ type: 'open', tab, filters });
    },
    close: () => {
      fallback?.close();
      post({ type: 'close', tab });
    },
  };
}

type Envelope =
  | { readonly to: 'hub'; readonly message: ToHub }
  | { readonly to: string; readonly message: ToTab }
  | { readonly to: 'all' };

/** One tab wins a lock and holds the connection; it serves the others by BroadcastChannel. When it closes, the next takes over. */
function viaLeader(tab: string, receive: (message: ToTab) => void): Transport | null {
  if (typeof BroadcastChannel === 'undefined' || !('locks' in navigator)) return null;
  const channel = new BroadcastChannel(LOCK);
  const release = new AbortController();
  let own: Transport | null = null;
  let wanted: string | null = null;
  const post = (message: ToHub) => channel.postMessage({ to: 'hub', message } satisfies Envelope);
  channel.onmessage = (event: MessageEvent<Envelope>) => {
    const envelope = event.data;
    if (envelope.to === tab && 'message' in envelope) receive(envelope.message as ToTab);
    // A new leader asks everyone to say again what they want.
    if (envelope.to === 'all' && wanted !== null && !own) post({ type: 'open', tab, filters: wanted });
  };
  const lead = async () => {
    const { Hub } = await import('./hub');
    const hub = new Hub(STREAM_PATH);
    own = {
      open: (filters) => hub.receive({ type: 'open', tab, filters }, receive),
      close: () => hub.receive({ type: 'close', tab }, receive),
    };
    channel.addEventListener('message', (event: MessageEvent<Envelope>) => {
      const envelope = event.data;
      if (envelope.to !== 'hub' || !('message' in envelope)) return;
      const asked = envelope.message as ToHub;
      hub.receive(asked, (message) => channel.postMessage({ to: asked.tab, message } satisfies Envelope));
    });
    channel.postMessage({ to: 'all' } satisfies Envelope);
    if (wanted !== null) own.open(wanted);
    await new Promise<void>((resolve) => release.signal.addEventListener('abort', () => resolve()));
  };
  navigator.locks.request(LOCK, { signal: release.signal }, lead).catch(() => undefined);
  return {
    open: (filters) => {
      wanted = filters;
      if (own) own.open(filters);
      else post({ type: 'open', tab, filters });
    },
    close: () => {
      wanted = null;
      if (own) own.close();
      else post({ type: 'close', tab });
      release.abort();
    },
  };
}

function viaItself(tab: string, receive: (message: ToTab) => void): Transport {
  const hub = import('./hub').then(({ Hub }) => new Hub(STREAM_PATH));
  return {
    open: (filters) => void hub.then((own) => own.receive({ type: 'open', tab, filters }, receive)),
    close: () => void hub.then((own) => own.receive({ type: 'close', tab }, receive)),
  };
}
