import type { TopologyState } from '@/lib/wire/reduce';
import { StreamClient } from './stream-client';

/** A stream over a real connection, with every state that each of its views had. */
export interface OpenStream {
  readonly client: StreamClient;
  readonly history: ReadonlyMap<string, readonly TopologyState[]>;
  /** The line is cut by the client. */
  close(): Promise<void>;
}

/** Connects; resolves when the server has answered. `known`: what the client had when its last line was cut. */
export async function openStream(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  known: ReadonlyMap<string, TopologyState> = new Map(),
): Promise<OpenStream> {
  const history = new Map<string, TopologyState[]>([...known].map(([view, state]) => [view, [state]]));
  const client = new StreamClient(true, (view, state) => {
    const states = history.get(view) ?? [];
    history.set(view, states);
    states.push(state);
  });
  for (const [view, state] of known) client.states.set(view, state);
  const line = new AbortController();
  const response = await fetch(url, { headers, signal: line.signal });
  if (!response.ok || !response.body) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  const reading = client.read(response.body).catch((error: Error) => {
    // Cut by us, or by a server that has said goodbye: anything else is a fault.
    if (!line.signal.aborted) return error;
  });
  return {
    client,
    history,
    close: async () => {
      line.abort();
      const failure = await reading;
      if (failure) throw failure;
    },
  };
}

/** Waits for a condition. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`in vain waited until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
