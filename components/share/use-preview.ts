'use client';

import { useEffect, useState } from 'react';
import type { Topology } from '@/lib/topology/model';

export interface Preview {
  /** Address of the drawn picture; null while it is drawn. */
  readonly src: string | null;
  readonly failed: boolean;
}

/** The card that chats will show, drawn here from what is seen. The topology is the one of the first call. */
export function usePreview(topology: Topology, focus: string | null, note: string): Preview {
  const [preview, setPreview] = useState<Preview>({ src: null, failed: false });
  const [frozen] = useState(topology);
  useEffect(() => {
    let address: string | null = null;
    let stopped = false;
    const timer = setTimeout(() => {
      import('@/lib/picture/picture')
        .then(({ pictureOf }) => {
          if (stopped) return;
          const svg = pictureOf({ topology: frozen, focus, note, theme: drawnTheme(), size: 'card' });
          address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
          setPreview({ src: address, failed: false });
        })
        .catch(() => setPreview({ src: null, failed: true }));
    }, 250);
    return () => {
      stopped = true;
      clearTimeout(timer);
      if (address !== null) URL.revokeObjectURL(address);
    };
  }, [frozen, focus, note]);
  return preview;
}

/** What the page is drawn in, by its own choice or the system's. */
export function drawnTheme(): 'light' | 'dark' {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
