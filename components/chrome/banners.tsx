'use client';

import dynamic from 'next/dynamic';
import type { Past } from '@/components/timeline/use-past';
import type { TopologyState } from '@/lib/wire/reduce';
import { StaleBanner } from './stale-banner';
import type { Shown } from './use-shown';

// It tells times in the reader's zone, which is not known where the page is made.
const PastBanner = dynamic(
  () => import('@/components/timeline/past-banner').then((module) => module.PastBanner),
  { ssr: false },
);

interface Props extends Pick<Shown, 'link' | 'now' | 'clock'> {
  readonly past: Past;
  /** What is drawn; null while nothing is. */
  readonly drawn: TopologyState | null;
  readonly onLive: () => void;
  /** null: it is compared already. */
  readonly onCompare: (() => void) | null;
}

/** What must be known of what one sees: that it is of the past, or old. */
export function Banners({ past, drawn, link, now, clock, onLive, onCompare }: Props) {
  if (past.state !== 'live')
    return <PastBanner past={past} now={clock} onLive={onLive} {...(onCompare ? { onCompare } : {})} />;
  return drawn && <StaleBanner link={link} cluster={drawn.cluster} now={now} />;
}
