'use client';

import { Popover } from '@base-ui/react/popover';
import { SlidersHorizontal } from 'lucide-react';
import { Tick } from '@/components/ui/tick';
import { GROUPINGS, type Grouping, IMPACTS, SEVERITIES } from './problem-groups';

export interface RailChoice {
  readonly group: Grouping;
  readonly severity: readonly string[];
  readonly impact: readonly string[];
}

interface Props {
  readonly choice: RailChoice;
  readonly onChange: (choice: Partial<RailChoice>) => void;
}

const GROUP_WORD = { cause: 'Cause', hop: 'Hop', namespace: 'Namespace', team: 'Team label' } as const;
const IMPACT_WORD = { traffic: 'Traffic fails', risk: 'Risks and notes' } as const;
const SEVERITY_WORD = { broken: 'Broken', degraded: 'Degraded', warning: 'Warning', info: 'Note' } as const;

function toggled(list: readonly string[], value: string): string[] {
  return list.includes(value) ? list.filter((item) => item !== value) : [...list, value];
}

/** How the problems are grouped, and which are shown. */
export function RailOptions({ choice, onChange }: Props) {
  const { group, severity, impact } = choice;
  const changed = group !== 'cause' || severity.length > 0 || impact.length > 0;
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label="Group and filter the problems"
        title="Group and filter the problems"
        className={`grid size-7 place-items-center rounded-md hover:bg-hover hover:text-text ${changed ? 'bg-accent-soft text-accent' : 'text-soft'}`}
      >
        <SlidersHorizontal size={15} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="start" className="z-40">
          <Popover.Popup
            aria-label="Group and filter the problems"
            className="flex w-56 flex-col gap-2 rounded-xl border border-line bg-panel p-2 shadow-float outline-none"
          >
            <fieldset>
              <legend className="eyebrow px-2 pb-1">Group by</legend>
              {GROUPINGS.map((by) => (
                <label
                  key={by}
                  className="flex items-center gap-2 rounded-lg px-2 py-1.5 text-xs hover:bg-hover"
                >
                  <input
                    type="radio"
                    name="group"
                    className="size-4 accent-(--accent-fill)"
                    checked={group === by}
                    onChange={() => onChange({ group: by })}
                  />
                  {GROUP_WORD[by]}
                </label>
              ))}
            </fieldset>
            <fieldset>
              <legend className="eyebrow px-2 pb-1">Severity</legend>
              {SEVERITIES.map((value) => (
                <Tick
                  key={value}
                  label={SEVERITY_WORD[value]}
                  on={severity.includes(value)}
                  onToggle={() => onChange({ severity: toggled(severity, value) })}
                />
              ))}
            </fieldset>
            <fieldset>
              <legend className="eyebrow px-2 pb-1">Impact</legend>
              {IMPACTS.map((value) => (
                <Tick
                  key={value}
                  label={IMPACT_WORD[value]}
                  on={impact.includes(value)}
                  onToggle={() => onChange({ impact: toggled(impact, value) })}
                />
              ))}
            </fieldset>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
