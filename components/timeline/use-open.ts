'use client';

import { useState } from 'react';

const KEY = 'atlas.timeline';

/** Whether the timeline is unfolded; this browser remembers what the person chose. */
export function useOpen(usual: boolean): readonly [boolean, () => void] {
  const [chosen, setChosen] = useState(stored);
  const open = chosen ?? usual;
  const toggle = () => {
    setChosen(!open);
    try {
      localStorage.setItem(KEY, open ? 'folded' : 'open');
    } catch {
      // Storage is switched off: it holds as long as the page.
    }
  };
  return [open, toggle];
}

function stored(): boolean | null {
  try {
    const text = localStorage.getItem(KEY);
    return text === null ? null : text === 'open';
  } catch {
    return null;
  }
}
