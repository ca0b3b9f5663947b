'use client';

interface Props {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}

export default function ErrorPage({ error, reset }: Props) {
  return (
    <main className="mx-auto flex min-h-full max-w-md flex-col justify-center gap-3 p-6">
      <h1 className="text-xl font-semibold">This page failed to draw</h1>
      <p className="text-soft">
        The fault is in the dashboard, not in your cluster. The data is still at{' '}
        <a className="text-accent underline underline-offset-2" href="/api/v1/findings">
          /api/v1/findings
        </a>
        .
      </p>
      <p className="font-mono text-xs break-words text-quiet">{error.digest ?? error.message}</p>
      <p>
        <button
          type="button"
          onClick={reset}
          className="rounded-lg bg-accent-fill px-4 py-2 font-medium text-accent-text"
        >
          Draw it again
        </button>
      </p>
    </main>
  );
}
