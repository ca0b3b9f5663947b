'use client';

import { Snowflake } from 'lucide-react';
import { type FormEvent, type ReactNode, type RefObject, useId, useState } from 'react';
import { useClusterId } from '@/components/clusters/cluster-context';
import { ownZone, placeTime, utcTime } from '@/components/moment/times';
import { MAX_NOTE_LENGTH, type SnapshotCreated } from '@/lib/wire/snapshot';
import type { ShareProps } from './share-dialog';
import { createSnapshot } from './snapshot-api';
import { usePreview } from './use-preview';

const DAY_MS = 86_400_000;

const EXPIRIES: readonly (readonly [string, number])[] = [
  ['1 day', DAY_MS],
  ['7 days', 7 * DAY_MS],
  ['30 days', 30 * DAY_MS],
  ['1 year', 365 * DAY_MS],
];

interface Props extends ShareProps {
  readonly noteRef: RefObject<HTMLTextAreaElement | null>;
  readonly onCreated: (created: SnapshotCreated) => void;
}

interface Choice {
  readonly note: string;
  readonly expiresInMs: number;
  readonly public: boolean;
  readonly redact: boolean;
}

const USUAL: Choice = { note: '', expiresInMs: 30 * DAY_MS, public: false, redact: false };

/** What is frozen, for how long, and who may see it. */
export function ShareForm({ topology, focus, view, at, noteRef, onCreated }: Props) {
  const [choice, setChoice] = useState(USUAL);
  const [state, setState] = useState<{ readonly busy: boolean; readonly problem: string | null }>({
    busy: false,
    problem: null,
  });
  const cluster = useClusterId();
  const choose = (part: Partial<Choice>) => setChoice((before) => ({ ...before, ...part }));
  const create = async () => {
    setState({ busy: true, problem: null });
    const asked = await createSnapshot({ ...choice, view, ...(at === null ? {} : { at }) }, cluster);
    if (asked.ok) onCreated(asked.value);
    else setState({ busy: false, problem: asked.problem });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!state.busy) void create();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 text-sm">
      <Preview topology={topology} focus={focus} note={choice.note} />
      <p className="text-xs text-soft">{momentOf(at)}</p>
      <label className="flex flex-col gap-1">
        <span className="font-medium">Note</span>
        <textarea
          ref={noteRef}
          value={choice.note}
          maxLength={MAX_NOTE_LENGTH}
          rows={2}
          dir="auto"
          onChange={(event) => choose({ note: event.target.value })}
          className="rounded-lg border border-line bg-card p-2"
          placeholder="What you know, what you have tried …"
        />
      </label>
      <fieldset className="flex flex-wrap items-center gap-1.5">
        <legend className="mb-1 font-medium">Kept for</legend>
        {EXPIRIES.map(([label, ms]) => (
          <label
            key={label}
            className="flex cursor-pointer items-center gap-1.5 rounded-lg border border-line px-2.5 py-1.5 text-xs has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2"
          >
            <input
              type="radio"
              name="expiry"
              className="accent-(--accent-fill)"
              checked={choice.expiresInMs === ms}
              onChange={() => choose({ expiresInMs: ms })}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 font-medium">Who can see it</legend>
        <p className="text-xs text-soft">
          Everybody who has the link and can reach this dashboard. Anyone with the link sees all that is in
          this view, and nothing beyond it.
        </p>
        <Option on={choice.public} onChange={(on) => choose({ public: on })} title="Show a preview in chats">
          Chat programs may fetch title and picture for all who see the message, if this dashboard allows it.
          Otherwise they show a plain card that tells nothing.
        </Option>
        <Option on={choice.redact} onChange={(on) => choose({ redact: on })} title="Replace names">
          Hosts, namespaces, objects and addresses get made-up names, everywhere in the snapshot. Your note is
          kept as you write it, save for names that are replaced.
        </Option>
      </fieldset>
      {state.problem !== null && (
        <p role="alert" className="name rounded-lg border border-broken/60 bg-broken-soft px-3 py-2 text-xs">
          {state.problem}
        </p>
      )}
      <button
        type="submit"
        disabled={state.busy}
        className="sticky bottom-0 flex h-11 shrink-0 items-center justify-center gap-2 rounded-xl bg-accent-fill font-semibold text-accent-text shadow-[0_0_0_1.25rem_var(--panel)] disabled:bg-sunken disabled:text-quiet"
      >
        <Snowflake size={16} aria-hidden="true" />
        {state.busy ? 'Freezing …' : 'Create link'}
      </button>
    </form>
  );
}

function momentOf(at: string | null): string {
  if (at === null) return 'What is frozen is this view as it is when you press the button.';
  const local = placeTime(at, ownZone());
  return `What is frozen is this view as it was at ${utcTime(at)}${local === '' ? '' : ` (${local})`}.`;
}

function Preview(props: Pick<Props, 'topology' | 'focus'> & { readonly note: string }) {
  const { src, failed } = usePreview(props.topology, props.focus, props.note);
  return (
    <div className="mx-auto grid aspect-[1200/630] w-full max-w-[52dvh] shrink-0 place-items-center overflow-hidden rounded-xl border border-line bg-sunken text-xs text-quiet">
      {src === null ? (
        <span>{failed ? 'The picture could not be drawn here.' : 'Drawing the picture …'}</span>
      ) : (
        // Drawn in this page: there is nothing to optimise on the way.
        // biome-ignore lint/performance/noImgElement: see above
        <img src={src} alt="What chats will show of it" className="h-full w-full" />
      )}
    </div>
  );
}

interface OptionProps {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly title: string;
  readonly children: ReactNode;
}

function Option({ on, onChange, title, children }: OptionProps) {
  const id = useId();
  return (
    <div className="grid grid-cols-[1rem_1fr] gap-x-2.5">
      <input
        id={id}
        type="checkbox"
        aria-label={title}
        checked={on}
        aria-describedby={`${id}-more`}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 accent-(--accent-fill)"
      />
      <label htmlFor={id} className="cursor-pointer">
        {title}
      </label>
      <span id={`${id}-more`} className="col-start-2 text-xs text-quiet">
        {children}
      </span>
    </div>
  );
}
