'use client';

import { useSyncExternalStore } from 'react';

const PHONE = '(max-width: 767px)';
const DRAWER = '(max-width: 1439px)';
const TIGHT = '(max-width: 1599px)';

/** Whether the window is as narrow as a phone. */
export function useNarrow(): boolean {
  return useMedia(PHONE);
}

/** Whether the inspector lies over the picture instead of beside it. */
export function useDrawer(): boolean {
  return useMedia(DRAWER);
}

/** Whether problems, picture and inspector have no room side by side. */
export function useTight(): boolean {
  return useMedia(TIGHT);
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
    () => false,
  );
}
