'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from './clipboard';

interface Props {
  readonly text: string | (() => string);
  /** What is copied, for those who don't see the text beside it. */
  readonly label: string;
  readonly children?: string;
  readonly className?: string;
}

/** Copies, and says whether it did. */
export function CopyButton({ text, label, children, className = '' }: Props) {
  const [state, setState] = useState<'idle' | 'done' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 2000);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = async () => {
    setState((await copyText(typeof text === 'string' ? text : text())) ? 'done' : 'failed');
  };
  const word =
    state === 'done' ? 'Copied' : state === 'failed' ? 'Select and copy by hand' : (children ?? 'Copy');
  const Icon = state === 'done' ? Check : Copy;
  return (
    <button
      type="button"
      onClick={() => void copy()}
      className={className}
      aria-label={state === 'idle' ? label : word}
    >
      <Icon size={14} aria-hidden="true" />
      <span aria-live="polite">{word}</span>
    </button>
  );
}
