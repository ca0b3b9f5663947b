'use client';

import { useState } from 'react';
import type { SetViewState, ViewState } from '@/components/chrome/view-state';
import { viewIn } from './addresses';
import { useClusters, useClustersFresh } from './cluster-store';
import type { Switching } from './switcher';

/** Keeps what is known of the clusters fresh, and leads from one to another. */
export function useSwitching(view: ViewState, setView: SetViewState): Switching {
  const [open, setOpen] = useState(false);
  useClustersFresh(view.cluster);
  return {
    open,
    onOpen: setOpen,
    onPick: (cluster) => void setView(viewIn(view, cluster, useClusters.getState().list)),
  };
}
