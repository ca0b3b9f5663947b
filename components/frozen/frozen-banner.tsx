import { ArrowRight, GitCompareArrows, Radio } from 'lucide-react';
import type { ReactNode } from 'react';
import { ownZone, placeTime, utcDay, utcTime } from '@/components/moment/times';
import { clock } from '@/lib/topology/text';
import type { Snapshot } from '@/lib/wire/snapshot';
import { compareAddress, liveAddress } from './addresses';

interface Props {
  readonly snapshot: Snapshot;
  readonly live: boolean;
  /** Whether the reader's own time zone is known. */
  readonly placed: boolean;
}

/** When this was, until when it is kept, and the ways to now. */
export function FrozenBanner({ snapshot, live, placed }: Props) {
  const { takenAt, expiresAt, caveat, topology, redacted } = snapshot;
  const local = placed ? placeTime(takenAt, ownZone()) : '';
  return (
    <section
      aria-label="Frozen moment"
      className="atlas-stripes flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1.5 border-b-2 border-kept px-5 py-2 text-sm max-md:px-3.5"
    >
      <p className="min-w-0 flex-1 basis-72">
        <strong className="font-semibold text-kept">Frozen at {utcTime(takenAt)}</strong>
        {local !== '' && <span className="text-soft"> ({local})</span>}
        <span className="text-soft">
          {' · '}expires {utcDay(expiresAt)}
          {redacted && ' · names are replaced'}
        </span>
        {caveat !== '' && <span className="name block text-xs text-warning">{caveat}</span>}
        {topology.cluster.connection !== 'live' && placed && (
          <span className="block text-xs text-warning">
            The cluster’s changes had not arrived since {clock(topology.cluster.since, Date.parse(takenAt))}:
            this is what was last known.
          </span>
        )}
      </p>
      {live && (
        <nav aria-label="To now" className="flex items-center gap-2 text-xs">
          <Way href={liveAddress(snapshot)}>
            <Radio size={14} aria-hidden="true" />
            Live now
          </Way>
          {!redacted && (
            <Way href={compareAddress(snapshot)}>
              <GitCompareArrows size={14} aria-hidden="true" />
              Compare with now
            </Way>
          )}
        </nav>
      )}
    </section>
  );
}

function Way({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <a
      href={href}
      className="flex h-8 items-center gap-1.5 rounded-lg border border-kept bg-panel px-2.5 font-medium text-text hover:bg-hover"
    >
      {children}
      <ArrowRight size={13} aria-hidden="true" className="text-quiet" />
    </a>
  );
}
