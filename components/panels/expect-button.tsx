'use client';

import { Popover } from '@base-ui/react/popover';
import { CalendarClock } from 'lucide-react';
import { useState } from 'react';

interface Props {
  /** Epoch ms. */
  readonly now: number;
  /** Whether marks are kept for everybody, or in this browser. */
  readonly shared: boolean;
  readonly onMark: (until: string, note: string) => void;
}

const HOUR = 3_600_000;

/** Nine o'clock of the next day, or of the next Monday. */
function morning(now: number, day: 'tomorrow' | 'monday'): number {
  const date = new Date(now);
  const days = day === 'tomorrow' ? 1 : (8 - date.getDay()) % 7 || 7;
  date.setDate(date.getDate() + days);
  date.setHours(9, 0, 0, 0);
  return date.getTime();
}

const CHOICES: readonly (readonly [string, (now: number) => number])[] = [
  ['1 hour', (now) => now + HOUR],
  ['4 hours', (now) => now + 4 * HOUR],
  ['tomorrow 9:00', (now) => morning(now, 'tomorrow')],
  ['Monday 9:00', (now) => morning(now, 'monday')],
  ['30 days', (now) => now + 30 * 24 * HOUR],
];

/** Marks a problem as expected for a while: it moves to the end of the list and comes back by itself. */
export function ExpectButton({ now, shared, onMark }: Props) {
  const [note, setNote] = useState('');
  const [open, setOpen] = useState(false);
  const mark = (until: number): void => {
    onMark(new Date(until).toISOString(), note.trim());
    setOpen(false);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="-mx-1.5 flex items-center gap-1 rounded-md px-1.5 py-0.5 font-medium text-soft hover:bg-hover hover:text-text">
        <CalendarClock size={14} aria-hidden="true" />
        Expected until …
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="start" className="z-40">
          <Popover.Popup
            aria-label="Expected until"
            className="flex w-64 flex-col gap-2 rounded-xl border border-line bg-panel p-3 text-xs shadow-float outline-none"
          >
            <label className="flex flex-col gap-1">
              <span className="text-quiet">
                {shared ? 'Note, kept for everybody' : 'Note, kept in this browser'}
              </span>
              <textarea
                value={note}
                maxLength={500}
                rows={2}
                onChange={(event) => setNote(event.target.value)}
                className="rounded-lg border border-line bg-card p-2"
                placeholder="planned migration, ticket …"
              />
            </label>
            <div className="flex flex-col">
              {CHOICES.map(([label, until]) => (
                <button
                  key={label}
                  type="button"
                  onClick={() => mark(until(now))}
                  className="rounded-lg px-2 py-1.5 text-left hover:bg-hover"
                >
                  {label}
                </button>
              ))}
            </div>
            <p className="text-quiet">It comes back when the time is over, or when the evidence changes.</p>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
