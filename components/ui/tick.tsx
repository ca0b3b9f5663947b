import { Check } from 'lucide-react';

/** A value to tick, in a list of them. */
export function Tick({
  label,
  on,
  onToggle,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly onToggle: () => void;
}) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onToggle}
      className="flex w-full items-center gap-2 rounded-lg px-2 py-1.5 text-left text-xs hover:bg-hover"
    >
      <span
        className={`grid size-4 shrink-0 place-items-center rounded border ${on ? 'border-accent-fill bg-accent-fill text-accent-text' : 'border-line-strong'}`}
      >
        {on && <Check size={12} strokeWidth={3} aria-hidden="true" />}
      </span>
      <span className="name min-w-0">{label}</span>
    </button>
  );
}
