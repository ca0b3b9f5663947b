'use client';

import { useEffect, useState } from 'react';
import type { WireRecorded } from '@/lib/wire/history';
import { applySnapshot, type TopologyState } from '@/lib/wire/reduce';
import { problemOf, SILENT } from './answers';

/** The moment that is looked at, when it is not now. `at` is RFC 3339. */
export type Past =
  | { readonly state: 'live' }
  | { readonly state: 'loading'; readonly at: string; readonly topology: TopologyState | null }
  | {
      readonly state: 'done';
      readonly at: string;
      readonly topology: TopologyState;
      readonly recorded: WireRecorded;
    }
  | { readonly state: 'failed'; readonly at: string; readonly problem: string };

const LIVE: Past = { state: 'live' };

interface Wanted {
  /** RFC 3339; null: now. */
  readonly at: string | null;
  /** The view's filters, without its focus. */
  readonly filters: string;
  readonly focus: string | null;
}

/** The view as it was at a time, from the history; what was there stays until the new arrives. */
export function usePast({ at, filters, focus }: Wanted): Past {
  const [held, setHeld] = useState<{ readonly key: string; readonly past: Past } | null>(null);
  const key = JSON.stringify([at, filters, focus]);
  useEffect(() => {
    if (at === null) return setHeld(null);
    const abort = new AbortController();
    load({ at, filters, focus }, abort.signal)
      .then((loaded) => setHeld((before) => ({ key, past: kept(loaded, topologyOf(before?.past)) })))
      // Something else is wanted by now.
      .catch(() => undefined);
    return () => abort.abort();
  }, [at, filters, focus, key]);
  if (at === null) return LIVE;
  return held?.key === key ? held.past : { state: 'loading', at, topology: topologyOf(held?.past) };
}

function topologyOf(past: Past | undefined): TopologyState | null {
  return past && 'topology' in past ? past.topology : null;
}

/** What did not change keeps its reference, so that scrubbing draws again what differs only. */
function kept(past: Loaded, before: TopologyState | null): Past {
  if (past.state !== 'done') return past;
  return { ...past, topology: applySnapshot(past.topology, before ?? undefined) };
}

type Answer = Parameters<typeof applySnapshot>[0] & { readonly recorded: WireRecorded };
type Loaded =
  | { readonly state: 'failed'; readonly at: string; readonly problem: string }
  | {
      readonly state: 'done';
      readonly at: string;
      readonly topology: Answer;
      readonly recorded: WireRecorded;
    };

async function load(wanted: Wanted & { readonly at: string }, signal: AbortSignal): Promise<Loaded> {
  const { at, focus } = wanted;
  const found = await ask(wanted, null, signal);
  const missed = found.state === 'done' && focus !== null && !has(found.topology, focus);
  if (!missed) return found;
  // The focus may be folded or filtered away: then it is asked for by itself, as on the live page.
  const narrow = await ask(wanted, focus, signal);
  return narrow.state === 'done' && narrow.topology.nodes.length > 0 ? narrow : { ...found, at };
}

function has({ nodes }: Answer, id: string): boolean {
  return nodes.some((node) => node.id === id);
}

async function ask(
  { at, filters }: Wanted & { readonly at: string },
  focus: string | null,
  signal: AbortSignal,
): Promise<Loaded> {
  const query = new URLSearchParams(filters);
  query.delete('scope');
  if (focus !== null) query.set('focus', focus);
  query.set('at', at);
  let response: Response;
  try {
    response = await fetch(`/api/v1/topology?${query}`, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    return { state: 'failed', at, problem: SILENT };
  }
  const body: unknown = await response.json().catch(() => null);
  signal.throwIfAborted();
  if (!response.ok) return { state: 'failed', at, problem: problemOf(body, response.status) };
  return isAnswer(body)
    ? { state: 'done', at, topology: body, recorded: body.recorded }
    : { state: 'failed', at, problem: 'The answer was not understood.' };
}

/** The server is ours and held to its schema by tests; here only what all else hangs on is checked. */
function isAnswer(body: unknown): body is Answer {
  return (
    typeof body === 'object' &&
    body !== null &&
    'nodes' in body &&
    Array.isArray(body.nodes) &&
    'recorded' in body &&
    typeof body.recorded === 'object'
  );
}
