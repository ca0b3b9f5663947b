'use client';

import { type RefObject, useEffect, useEffectEvent } from 'react';

/** Hears the wheel before the page scrolls by it. `x` is counted from the element's left. */
export function useWheel(
  area: RefObject<HTMLElement | null>,
  onWheel: (event: WheelEvent, x: number) => void,
): void {
  const handle = useEffectEvent(onWheel);
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const listen = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      handle(event, event.clientX - element.getBoundingClientRect().left);
    };
    // React's own listener is passive: it could not keep the page from scrolling.
    element.addEventListener('wheel', listen, { passive: false });
    return () => element.removeEventListener('wheel', listen);
  }, [area]);
}
