'use client';

import { useEffect, useState } from 'react';

export type Remote<T> =
  | { readonly state: 'loading'; readonly last: T | null }
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'failed'; readonly problem: string };

/** Reads an address of our own API; again whenever `again` changes, keeping what was there until the new arrives. */
export function useRemote<T>(
  url: string | null,
  read: (body: unknown) => T | null,
  again: number,
): Remote<T> {
  const [held, setHeld] = useState<{ readonly url: string; readonly remote: Remote<T> } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` is there to ask again
  useEffect(() => {
    if (url === null) return;
    const abort = new AbortController();
    load(url, read, abort.signal)
      .then((remote) => setHeld({ url, remote }))
      .catch(() => undefined);
    return () => abort.abort();
  }, [url, read, again]);
  return held !== null && held.url === url ? held.remote : { state: 'loading', last: null };
}

async function load<T>(
  url: string,
  read: (body: unknown) => T | null,
  signal: AbortSignal,
): Promise<Remote<T>> {
  let response: Response;
  try {
    response = await fetch(url, { signal, headers: { accept: 'application/json' } });
  } catch (error) {
    if (signal.aborted) throw error;
    return { state: 'failed', problem: 'The dashboard did not answer.' };
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok)
    return { state: 'failed', problem: problemOf(body) ?? `The dashboard answered ${response.status}.` };
  const value = read(body);
  return value === null
    ? { state: 'failed', problem: 'The answer was not understood.' }
    : { state: 'done', value };
}

function problemOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  if ('detail' in body && typeof body.detail === 'string') return body.detail;
  return 'title' in body && typeof body.title === 'string' ? body.title : null;
}
