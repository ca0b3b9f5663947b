'use client';

import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Window } from './viewport';

const NONE: Window = { width: 0, height: 0 };

/** Size of an element in pixels, now and as it changes; nothing before it is in the page. */
export function useRoom(frame: RefObject<HTMLElement | null>): Window {
  const [room, setRoom] = useState(NONE);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      setRoom((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return room;
}
