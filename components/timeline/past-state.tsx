import { History } from 'lucide-react';
import type { Past } from './use-past';

interface Props {
  readonly past: Exclude<Past, { state: 'live' }>;
  readonly onLive: () => void;
}

/** Instead of the picture, where a moment cannot be shown. */
export function PastState({ past, onLive }: Props) {
  const failed = past.state === 'failed';
  return (
    <section className="mx-auto flex w-full max-w-xl flex-col gap-3 px-6 py-12" aria-busy={!failed}>
      <History size={28} strokeWidth={1.6} aria-hidden="true" className="text-quiet" />
      <h2 className="text-xl font-semibold">
        {failed ? 'This moment cannot be shown' : 'Looking up how it was …'}
      </h2>
      <p className="text-soft">
        {past.state === 'failed'
          ? past.problem
          : 'The picture of that moment is put together from what was recorded.'}
      </p>
      {failed && (
        <p>
          <button
            type="button"
            onClick={onLive}
            className="rounded-lg bg-accent-fill px-4 py-2 font-medium text-accent-text"
          >
            Back to live
          </button>
        </p>
      )}
    </section>
  );
}
