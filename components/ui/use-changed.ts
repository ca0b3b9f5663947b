'use client';

import { useState } from 'react';

/** Calls back while drawing when a value is another than in the drawing before; not in the first. */
export function useChanged<T>(value: T, onChange: (value: T) => void): void {
  const [last, setLast] = useState(value);
  if (last === value) return;
  setLast(value);
  onChange(value);
}
