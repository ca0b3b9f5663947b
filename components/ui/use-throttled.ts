'use client';

import { useEffect, useRef, useState } from 'react';

/** A value that changes often, taken over every `everyMs` at most; the last one always comes. */
export function useThrottled<T>(value: T, everyMs: number): T {
  const [held, setHeld] = useState(value);
  const taken = useRef(0);
  useEffect(() => {
    const timer = setTimeout(
      () => {
        taken.current = Date.now();
        setHeld(value);
      },
      Math.max(0, taken.current + everyMs - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [value, everyMs]);
  return held;
}
