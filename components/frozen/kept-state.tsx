import { Snowflake } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
}

/** In place of a snapshot that there is not, or not now. */
export function KeptState({ title, children }: Props) {
  return (
    <main className="atlas-stripes grid min-h-dvh place-items-center p-4">
      <section className="flex w-full max-w-lg flex-col gap-3 rounded-2xl border border-line bg-panel p-6 shadow-card">
        <Snowflake size={28} strokeWidth={1.6} aria-hidden="true" className="text-kept" />
        <h1 className="text-xl font-semibold">{title}</h1>
        <div className="flex flex-col gap-2 text-soft">{children}</div>
        <p className="pt-1">
          <Link
            href="/"
            className="inline-flex h-10 items-center rounded-xl bg-accent-fill px-4 font-semibold text-accent-text"
          >
            Open the live map
          </Link>
        </p>
      </section>
    </main>
  );
}
