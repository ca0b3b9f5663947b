'use client';

import { useContextName } from '@/components/clusters/cluster-store';
import { inContext } from '@/components/clusters/commands';
import { CopyButton } from '@/components/ui/copy-button';

/** One command with a button to copy it. Wraps, so that nothing of it is hidden. */
export function Command({ text: given }: { readonly text: string }) {
  const text = inContext(given, useContextName());
  return (
    <div className="flex flex-wrap items-start justify-end gap-1 rounded-lg border border-line bg-sunken py-1.5 pr-1.5 pl-3">
      <code className="min-w-[min(100%,10rem)] flex-1 py-0.5 font-mono text-xs break-words whitespace-pre-wrap">
        {text.split(/(--\S)/).map((part, index) => (
          // Lines may break after a hyphen, which would tear the two of an option from its name.
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text stay in their places
          <span key={index} className={part.startsWith('--') ? 'whitespace-nowrap' : undefined}>
            {part}
          </span>
        ))}
      </code>
      <CopyButton
        text={text}
        label={`Copy command: ${text}`}
        className="flex shrink-0 items-center gap-1 rounded-md px-1.5 py-0.5 text-xs font-medium text-accent hover:bg-hover"
      />
    </div>
  );
}
