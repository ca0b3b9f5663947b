import { STATUS_TEXT } from '@/components/ui/status';
import { StatusMark } from '@/components/ui/status-mark';
import { knownStatus, STATUS_WORD } from '@/lib/topology/status-words';
import { count } from '@/lib/topology/text';
import type { Snapshot } from '@/lib/wire/snapshot';
import { FrozenNote } from './frozen-note';

/** What was so, in the words of that day: they are part of the document and read the same in a year. */
export function FrozenVerdict({ snapshot }: { readonly snapshot: Snapshot }) {
  const { verdict, note } = snapshot;
  const status = knownStatus(verdict.status);
  return (
    <section
      aria-label="Verdict"
      className="flex shrink-0 flex-wrap items-start gap-x-8 gap-y-3 border-b border-line bg-panel px-5 py-3"
    >
      <div className="flex min-w-72 flex-1 gap-3">
        <StatusMark status={status} size={22} className="mt-0.5" />
        <div className="min-w-0">
          <h2 className={`name text-lg leading-6 font-semibold ${STATUS_TEXT[status]}`}>
            <span className="sr-only">{STATUS_WORD[status]}: </span>
            {verdict.title}
          </h2>
          {verdict.sentence !== '' && (
            <p className="name line-clamp-3 text-sm text-soft" title={verdict.sentence}>
              {verdict.sentence}
            </p>
          )}
          {verdict.others.length > 0 && (
            <p className="name line-clamp-2 text-xs text-quiet" title={verdict.others.join('\n')}>
              and {count(verdict.others.length, 'other problem')}: {verdict.others.join(' · ')}
            </p>
          )}
        </div>
      </div>
      <div className="contents max-md:hidden">
        <FrozenNote text={note} />
      </div>
    </section>
  );
}
