'use client';

/** Marks that the server keeps for everybody. Where it keeps none (its recorder is off), they stay with the browser. */
import { useEffect } from 'react';
import { create } from 'zustand';
import { withCluster } from '@/components/clusters/addresses';
import type { Mark } from '@/lib/topology/problems';
import type { WireMark } from '@/lib/wire/marks';

interface SharedMarks {
  /** Whose they are; null: the first cluster's. */
  readonly cluster: string | null;
  /** null: the server keeps none, as far as is known. */
  readonly list: readonly Mark[] | null;
  /** Why the last change was not taken; null: it was. */
  readonly problem: string | null;
}

export const useSharedMarks = create<SharedMarks>()(() => ({
  cluster: null,
  list: null,
  problem: null,
}));

const ADDRESS = '/api/v1/marks';
/** Others' marks are no news of seconds. */
const EVERY_MS = 30_000;

/** Keeps those of a cluster fresh while the page is looked at. */
export function useSharedMarksFresh(cluster: string | null): void {
  useEffect(() => {
    if (useSharedMarks.getState().cluster !== cluster)
      useSharedMarks.setState({ cluster, list: null, problem: null });
    const look = () => {
      if (document.visibilityState === 'visible') void refresh();
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [cluster]);
}

async function refresh(): Promise<void> {
  try {
    const { cluster } = useSharedMarks.getState();
    const response = await fetch(withCluster(ADDRESS, cluster));
    const list = response.ok ? marksOf(await response.json()) : null;
    if (useSharedMarks.getState().cluster !== cluster) return;
    if (response.ok) useSharedMarks.setState({ list });
    // Off or down; what was read while it was up stays true.
    else if (response.status === 404) useSharedMarks.setState({ list: null });
  } catch {
    // The line's own state is told elsewhere; the last list stands.
  }
}

/** Sets a mark for everybody: seen at once, and taken back if it is refused. */
export async function putShared(mark: Mark): Promise<void> {
  const { until, note, fingerprint } = mark;
  const before = useSharedMarks.getState().list ?? [];
  show([...before.filter(({ id }) => id !== mark.id), mark]);
  await change(
    mark.id,
    {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ until, note, fingerprint }),
    },
    before,
  );
}

/** Removes the mark of a finding for everybody. */
export async function removeShared(id: string): Promise<void> {
  const before = useSharedMarks.getState().list ?? [];
  show(before.filter((mark) => mark.id !== id));
  await change(id, { method: 'DELETE' }, before);
}

function show(list: readonly Mark[]): void {
  useSharedMarks.setState({ list, problem: null });
}

async function change(id: string, init: RequestInit, before: readonly Mark[]): Promise<void> {
  const { cluster } = useSharedMarks.getState();
  const isShown = () => useSharedMarks.getState().cluster === cluster;
  try {
    const response = await fetch(withCluster(`${ADDRESS}/${encodeURIComponent(id)}`, cluster), init);
    const problem = response.ok ? null : await problemOf(response);
    if (problem !== null && isShown()) useSharedMarks.setState({ list: before, problem });
  } catch {
    const problem = 'The mark was not kept: the dashboard did not answer.';
    if (isShown()) useSharedMarks.setState({ list: before, problem });
  }
  await refresh();
}

async function problemOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : '';
  return `The mark was not kept: ${typeof detail === 'string' && detail !== '' ? detail : `the dashboard answered ${response.status}.`}`;
}

/** Those that expect something; the server is ours and held to its schema by tests. */
export function marksOf(body: unknown): readonly Mark[] {
  if (typeof body !== 'object' || body === null || !('marks' in body) || !Array.isArray(body.marks))
    return [];
  return (body.marks as readonly WireMark[]).flatMap(({ finding, until, note, fingerprint, by }) =>
    until === null ? [] : [{ id: finding, until, note, fingerprint, by }],
  );
}
