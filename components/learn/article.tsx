/* oxlint-disable jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached with Tab; see Code */
import Link from 'next/link';
import type { ReactNode } from 'react';

/** The frame of a page to read: a way back, a title, a column of text. */
export function Article({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="min-h-dvh bg-canvas">
      <header className="border-b border-line bg-panel">
        <nav className="mx-auto flex max-w-2xl items-center gap-4 px-4 py-3 text-sm" aria-label="Pages">
          <Link href="/" className="font-semibold">
            Ingress Atlas
          </Link>
          <Link href="/learn" className="text-soft hover:text-text">
            Concepts
          </Link>
          <Link href="/checks" className="text-soft hover:text-text">
            Checks
          </Link>
        </nav>
      </header>
      <main className="mx-auto flex max-w-2xl flex-col gap-6 px-4 py-8">
        <h1 className="name text-2xl font-semibold">{title}</h1>
        {children}
      </main>
    </div>
  );
}

/** One part of an article. */
export function Part({
  heading,
  id,
  children,
}: {
  readonly heading: string;
  /** For links that lead into the page. */
  readonly id?: string;
  readonly children: ReactNode;
}) {
  return (
    <section id={id} className="flex flex-col gap-2 text-sm leading-6">
      <h2 className="text-base font-semibold">{heading}</h2>
      {children}
    </section>
  );
}

/** Text as it stands, line by line: a drawing that wraps is none. What is wider than the page scrolls within. */
export function Code({ text }: { readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls with the arrow keys
    <pre tabIndex={0} className="overflow-x-auto rounded-xl border border-line bg-card p-3 text-xs leading-5">
      <code>{text}</code>
    </pre>
  );
}
