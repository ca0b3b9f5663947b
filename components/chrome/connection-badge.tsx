'use client';

import type { Link } from '@/components/data/protocol';
import { STATUS_TEXT } from '@/components/ui/status';
import { StatusMark } from '@/components/ui/status-mark';
import { useNow } from '@/components/ui/use-now';
import type { ClusterInfo } from '@/lib/topology/model';
import { freshness } from './connection';

export function ConnectionBadge({
  link,
  cluster,
}: {
  readonly link: Link;
  readonly cluster: ClusterInfo | null;
}) {
  const now = useNow(1000);
  const { status, word, detail } = freshness(link, cluster, now);
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-xs max-sm:shrink-0" title={detail}>
      <StatusMark status={status} size={13} />
      {/* The word is announced when it changes; the ticking age is not. */}
      <span role="status" className={`shrink-0 font-medium ${STATUS_TEXT[status]}`}>
        {word}
      </span>
      <span className="truncate text-quiet tabular-nums max-sm:hidden">{detail}</span>
    </p>
  );
}
