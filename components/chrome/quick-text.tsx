'use client';

import { Filter } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Free text filter; waits until one stops typing, so that each letter is not a view of its own. */
export function QuickText({ value, onChange }: Props) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const send = useEffectEvent(() => {
    if (text.trim() !== value) onChange(text.trim());
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: waits anew after each letter
  useEffect(() => {
    const timer = setTimeout(send, 350);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label className="flex h-8 items-center gap-1.5 rounded-lg border border-line bg-canvas px-2.5 text-xs focus-within:border-accent">
      <Filter size={14} aria-hidden="true" className="text-quiet" />
      <span className="sr-only">Filter by host, path or name</span>
      <input
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="Host, path, name …"
        className="w-36 bg-transparent outline-none placeholder:text-quiet"
      />
    </label>
  );
}
