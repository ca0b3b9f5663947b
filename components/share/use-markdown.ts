'use client';

import { useEffect, useState } from 'react';
import type { Snapshot, SnapshotCreated } from '@/lib/wire/snapshot';
import { markdownOf } from './share-text';

/**
 * The snapshot as Markdown, in the words that were kept with it (names may be replaced there); null until it is read.
 * It is read ahead: a browser lets one copy right after a click only.
 */
export function useMarkdown({ id, url, imageUrl }: SnapshotCreated): string | null {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    fetch(`/api/v1/snapshots/${encodeURIComponent(id)}`, { signal: abort.signal })
      .then(async (response) => {
        if (!response.ok) return;
        const { verdict, note, takenAt, topology } = (await response.json()) as Snapshot;
        const { title, sentence } = verdict;
        const cluster = topology.cluster.name;
        setText(markdownOf({ title, verdict: sentence, note, takenAt, cluster, url, imageUrl }));
      })
      // Copying then says that it could not.
      .catch(() => undefined);
    return () => abort.abort();
  }, [id, url, imageUrl]);
  return text;
}
