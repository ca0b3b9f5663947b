'use client';

import { useEffect, useState } from 'react';
import { useLive } from '@/components/data/live-store';
import { useStream } from '@/components/data/use-stream';
import { streamFilters, type ViewState } from './view-state';

/**
 * Streams the view. The focus is applied here, so that the rail keeps all problems and showing all is instant;
 * only a focus that the view does not hold is asked of the server.
 */
export function useViewStream(view: ViewState): void {
  const [distant, setDistant] = useState<string | null>(null);
  const asked = distant === view.focus ? distant : null;
  const filters = streamFilters(view, asked);
  useStream(filters);
  const topology = useLive((live) => live.topology);
  const shown = useLive((live) => live.filters);
  const { focus } = view;
  useEffect(() => {
    if (topology && shown === filters && focus !== null && !topology.nodes.has(focus)) setDistant(focus);
  }, [topology, shown, filters, focus]);
}
