'use client';

import { Popover } from '@base-ui/react/popover';
import { ChevronDown } from 'lucide-react';
import { Tick } from '@/components/ui/tick';

interface Props {
  readonly label: string;
  readonly options: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (values: string[]) => void;
}

/** One filter with its values to tick. Values chosen stay listed even when nothing matches them any more. */
export function FilterMenu({ label, options, chosen, onChange }: Props) {
  const all = [...new Set([...options, ...chosen])].sort();
  if (all.length < 2 && chosen.length === 0) return null;
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((item) => item !== value) : [...chosen, value]);
  return (
    <Popover.Root>
      <Popover.Trigger
        className={`flex h-8 items-center gap-1 rounded-lg border px-2.5 text-xs font-medium ${
          chosen.length > 0
            ? 'border-accent bg-accent-soft text-text'
            : 'border-line text-soft hover:border-line-strong hover:text-text'
        }`}
      >
        <bdi className="max-w-48 truncate">
          {chosen.length === 0 ? label : `${label}: ${chosen.join(', ')}`}
        </bdi>
        <ChevronDown size={14} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="start" className="z-40">
          <Popover.Popup
            aria-label={`Filter by ${label.toLowerCase()}`}
            className="max-h-80 w-64 overflow-auto rounded-xl border border-line bg-panel p-1 shadow-float outline-none"
          >
            {all.map((value) => (
              <Tick key={value} label={value} on={chosen.includes(value)} onToggle={() => toggle(value)} />
            ))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
