'use client';

import { type RefObject, useEffect } from 'react';

/** What has been shown already: rows come and go with their lists, and must not take the focus again. */
const shown = new WeakSet<object>();

/** Opens the fold that the target heads, scrolls there and focuses the target, once for each asking. */
export function useRevealed(target: RefObject<HTMLElement | null>, asked: object | null): void {
  useEffect(() => {
    if (asked === null || shown.has(asked)) return;
    // A dialog that closes hands the focus back by a timer of its own, which was set before this one.
    const timer = setTimeout(() => {
      const element = target.current;
      if (!element) return;
      shown.add(asked);
      const fold = element.closest('details');
      if (fold) fold.open = true;
      // With what it unfolds, which stands beside it in the same item.
      (fold ?? element.closest('li') ?? element).scrollIntoView({ block: 'nearest' });
      element.focus({ preventScroll: true });
    });
    return () => clearTimeout(timer);
  }, [target, asked]);
}
