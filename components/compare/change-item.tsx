import { utcTime } from '@/components/moment/times';
import type { WireFieldChange, WireNodeChange } from '@/lib/wire/diff';
import { CHANGE_SIGN, type Change } from './changes';

interface Props {
  readonly change: Change;
  readonly word: string;
  readonly title: string;
  readonly fields: readonly WireFieldChange[];
  readonly who: WireNodeChange['who'];
  /** null: it is not drawn. */
  readonly onOpen: (() => void) | null;
}

/** One thing that was added, removed or changed; its fields before and after; who did it. */
export function ChangeItem({ change, word, title, fields, who, onOpen }: Props) {
  return (
    <li className="rounded-xl border border-line bg-card px-3 py-2">
      <p className="flex gap-2">
        <ChangeSign change={change} />
        <span className="min-w-0 flex-1">
          <span className="block text-quiet">{word}</span>
          {onOpen === null ? (
            <span className="name block font-medium">{title}</span>
          ) : (
            <button type="button" onClick={onOpen} className="name text-left font-medium text-accent">
              {title}
            </button>
          )}
        </span>
      </p>
      {fields.length > 0 && (
        <dl className="mt-1.5 flex flex-col gap-1 pl-6.5">
          {fields.map(({ path, before, after }) => (
            <div key={path}>
              <dt className="name text-quiet">{path}</dt>
              <dd className="name font-mono">
                <del className="text-soft decoration-1">{words(before)}</del>
                <span aria-hidden="true"> → </span>
                <span className="sr-only"> became </span>
                <ins className="no-underline">{words(after)}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {who !== null && (
        <p className="name mt-1 pl-6.5 text-soft">
          {who.object} by <strong className="font-medium">{who.manager}</strong>, {utcTime(who.at)}
        </p>
      )}
    </li>
  );
}

/** The sign of a change, as on the cards of the picture. */
export function ChangeSign({ change }: { readonly change: Change }) {
  return (
    <span
      aria-hidden="true"
      className="grid size-4.5 shrink-0 place-items-center rounded-full border border-kept bg-kept-soft text-xs leading-none font-bold text-kept"
    >
      {CHANGE_SIGN[change]}
    </span>
  );
}

/** `null` means that it was not there; an empty text is one too. */
function words(value: WireFieldChange['before']): string {
  if (value === null) return 'not set';
  return value === '' ? 'empty' : String(value);
}
