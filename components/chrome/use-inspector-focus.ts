'use client';

import { type RefObject, useEffect, useRef } from 'react';

/**
 * What was opened with the keyboard takes the keyboard's focus, and gives it back when it closes.
 * Opened with a pointer it takes nothing: one goes on clicking in the picture.
 */
export function useInspectorFocus(pane: RefObject<HTMLElement | null>, select: string | null): void {
  const byKey = useRef(false);
  const opener = useRef<HTMLElement | null>(null);

  useEffect(() => {
    const onKey = ({ key, target }: KeyboardEvent) => {
      if (key !== 'Enter' && key !== ' ') return;
      byKey.current = true;
      if (target instanceof HTMLElement && !pane.current?.contains(target)) opener.current = target;
    };
    const onPointer = () => {
      byKey.current = false;
    };
    window.addEventListener('keydown', onKey, true);
    window.addEventListener('pointerdown', onPointer, true);
    return () => {
      window.removeEventListener('keydown', onKey, true);
      window.removeEventListener('pointerdown', onPointer, true);
    };
  }, [pane]);

  useEffect(() => {
    if (select !== null) {
      if (byKey.current) pane.current?.focus();
      return;
    }
    // A card may have left the page meanwhile; the picture finds it again.
    if (opener.current?.isConnected && document.activeElement === document.body) opener.current.focus();
    opener.current = null;
  }, [pane, select]);
}
