'use client';

import { useEffect, useRef, useState } from 'react';
import { useChanged } from '@/components/ui/use-changed';

interface Moving {
  /** Where one stands (epoch ms), ahead of the address while one drags; null: now. */
  readonly at: number | null;
  /** Goes there; at once when it is settled, else when the hand rests. */
  readonly move: (at: number | null, settled: boolean) => void;
}

/** A drag passes over many moments; only where it rests is looked up. */
const REST_MS = 140;

/** The moment of the address, and how to move it. Leaving now is a step that Back undoes; the rest of a drag is not. */
export function useMoving(
  t: string | null,
  onMove: (t: string | null, how: 'push' | 'replace') => void,
): Moving {
  const [dragged, setDragged] = useState<number | null | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useChanged(t, () => setDragged(undefined));
  useEffect(() => () => clearTimeout(timer.current), []);
  const time = t === null ? null : Date.parse(t);
  const at = dragged === undefined ? (Number.isNaN(time) ? null : time) : dragged;
  const go = (to: number | null) => {
    const next = to === null ? null : new Date(to).toISOString();
    if (next === t) setDragged(undefined);
    else onMove(next, t === null ? 'push' : 'replace');
  };
  const move = (to: number | null, settled: boolean) => {
    clearTimeout(timer.current);
    setDragged(to);
    if (settled) go(to);
    else timer.current = setTimeout(() => go(to), REST_MS);
  };
  return { at, move };
}
