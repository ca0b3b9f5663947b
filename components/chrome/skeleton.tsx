'use client';

import { COLUMNS } from '@/lib/layout/columns';

const ROWS = [4, 1, 1, 5, 3, 3];

/** While the first picture is on its way: the columns to come, and what is being done. */
export function Skeleton({ message }: { readonly message: string }) {
  return (
    <section aria-label="Connecting" className="relative h-full overflow-hidden">
      <p role="status" className="sr-only">
        {message}
      </p>
      <div aria-hidden="true" className="flex h-full gap-9 overflow-hidden px-5 pt-3">
        {COLUMNS.map((column, index) => (
          <div
            key={column.key}
            className="flex shrink grow-0 flex-col gap-3"
            style={{ flexBasis: column.width }}
          >
            {/* Still: what fades in and out is hard to read half of the time. */}
            <span className="eyebrow mb-2">{column.title}</span>
            {Array.from({ length: ROWS[index] ?? 1 }, (_, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: grey bars have no identity
              <span key={row} className="h-[50px] animate-pulse rounded-[10px] border border-line bg-card" />
            ))}
          </div>
        ))}
      </div>
      <div
        aria-hidden="true"
        className="absolute inset-x-0 top-1/2 mx-auto w-fit max-w-md rounded-xl border border-line bg-panel px-5 py-3 text-center text-soft shadow-float"
      >
        {message}
      </div>
    </section>
  );
}
