'use client';

import { useEffect, useRef, useState } from 'react';
import { withCluster } from '@/components/clusters/addresses';
import { useClusterId } from '@/components/clusters/cluster-context';
import type { WireHistory } from '@/lib/wire/history';
import { problemOf, SILENT } from './answers';
import type { Range } from './scale';

export interface HistoryRead {
  /** The last that could be read. */
  readonly history: WireHistory | null;
  /** Why it cannot be read now; null while it can. */
  readonly problem: string | null;
}

const MOST = 5000;
/** While one zooms, only where it rests is asked for. */
const SETTLE_MS = 250;

/** What happened in a range of time. Asked again when `again` changes. */
export function useHistory(range: Range, again: number): HistoryRead {
  const [read, setRead] = useState<HistoryRead>({ history: null, problem: null });
  // Rounded outwards, so that a window that moves with the clock asks now and then only.
  const grain = Math.max(1000, 2 ** Math.round(Math.log2((range.to - range.from) / 16)));
  const from = Math.floor(range.from / grain) * grain;
  const to = Math.ceil(range.to / grain) * grain;
  const cluster = useClusterId();
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` is there to ask again
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(
      () => {
        first.current = false;
        load({ from, to, cluster }, abort.signal)
          .then((next) =>
            setRead((before) => ({ history: next.history ?? before.history, problem: next.problem })),
          )
          .catch(() => undefined);
      },
      first.current ? 0 : SETTLE_MS,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [from, to, cluster, again]);
  return read;
}

interface Wanted extends Range {
  readonly cluster: string | null;
}

async function load({ from, to, cluster }: Wanted, signal: AbortSignal): Promise<HistoryRead> {
  const query = new URLSearchParams({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    limit: String(MOST),
  });
  try {
    const response = await fetch(withCluster(`/api/v1/history?${query}`, cluster), { signal });
    const body: unknown = await response.json().catch(() => null);
    signal.throwIfAborted();
    if (!response.ok) return { history: null, problem: problemOf(body, response.status) };
    return isHistory(body)
      ? { history: body, problem: null }
      : { history: null, problem: 'The answer was not understood.' };
  } catch (error) {
    if (signal.aborted) throw error;
    return { history: null, problem: SILENT };
  }
}

/** The server is ours and held to its schema by tests; here only the shape that is drawn is checked. */
function isHistory(body: unknown): body is WireHistory {
  if (typeof body !== 'object' || body === null) return false;
  const lists = body as Readonly<Record<string, unknown>>;
  return ['events', 'gaps', 'spans'].every((key) => Array.isArray(lists[key]));
}
